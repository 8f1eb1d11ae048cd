/** The project that the open point is a part of, and what is done with all of its points. */

import { effect, signal } from '@preact/signals';
import { loader } from '../../core/load';
import { say } from '../../core/ui/toast';
import { review } from './api';
import { forget, passOn } from './several';
import { act, cases, detail, keepPlace, next, open } from './store';
import { type Card, type Group, QUEUE } from './types';
import { view } from './views';
import { isKeeper } from './who';
import { w } from './words';

const group = loader<Group>((id, stop) => review.group(id, stop));
/** The project stands where the card of its point was. */
export const isGroupOpen = signal(false);

/** The project of a point, where it is known already. */
export function groupOf(point: Card | null): Group | undefined {
  const { key, data } = group.state.value;
  return point?.group && key === String(point.group) ? data : undefined;
}

/** Points that were taken out or whose project was taken apart: what puts them back. */
interface Gone {
  ids: number[];
  title: string;
  back: () => Promise<unknown>;
}
export const gone = signal<Gone | null>(null);

/** What is shown follows the open point. */
export function followGroup(): void {
  let before: number | null = null;
  effect(() => {
    const key = open.value?.group ?? null;
    if (key && isKeeper) void group.load(String(key));
    if (key !== before) hideGroup();
    before = key;
  });
}

export function openGroup(): void {
  isGroupOpen.value = true;
  forget();
}

export function hideGroup(): void {
  isGroupOpen.value = false;
  forget();
}

/** Back to the card; where its point no longer waits, to the next that does. */
export function closeGroup(): void {
  const goOn = keepPlace();
  hideGroup();
  goOn();
  const point = open.peek();
  if (!view.peek() && point && !QUEUE.includes(point.state)) void next();
  else passOn();
}

/** Reads again what an act may have changed. */
export async function changed(): Promise<void> {
  const point = open.peek();
  if (point) {
    await detail.load(String(point.id));
    const told = detail.state.peek().data?.card;
    if (told?.id === point.id && open.peek()?.id === point.id) open.value = told;
  }
  await Promise.all([view.peek() ? cases.again() : undefined, open.peek()?.group ? group.again() : undefined]);
}

/** Does something with a project, and says so. */
export const doWith = (of: Group, move: string, given: object, told: string) =>
  act(async () => {
    await review.actOnGroup(of.id, move, given);
    say(told);
    await changed();
  });

export const takeOut = (of: Group, point: Card) =>
  act(async () => {
    await review.actOnGroup(of.id, 'remove', { ids: [point.id] });
    const back = () => review.actOnGroup(of.id, 'add', { ids: [point.id] });
    gone.value = { ids: [point.id], title: of.title, back };
    await changed();
  });

export const dissolve = (of: Group) =>
  act(async () => {
    await review.actOnGroup(of.id, 'dissolve');
    const { title, project } = of;
    const ids = of.points.map(({ id }) => id);
    gone.value = { ids, title, back: () => review.makeGroup({ ids, title, project }) };
    await changed();
  });

export const putBack = () =>
  act(async () => {
    await gone.peek()?.back();
    gone.value = null;
    await changed();
  });

/** Puts points together, or into the project that some of them are in. */
export const putTogether = (ids: number[], title: string, into: number | null) =>
  act(async () => {
    if (into) await review.actOnGroup(into, 'add', { ids });
    else await review.makeGroup({ ids, title });
    say(w.grouped(title, ids.length));
    await changed();
  });
