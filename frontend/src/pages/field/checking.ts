/** The check somebody is making at the open point. Every change is on the device at once. */

import { computed, effect, signal } from '@preact/signals';
import { boot } from '../../core/boot';
import { moment } from '../../core/format';
import { say } from '../../core/ui/toast';
import { newKey } from '../../incidents/api';
import { awayFrom, FAR_M, fix } from './place';
import { type Device, deviceNow, shotOf } from './shots';
import { checkOf, checks, dropCheck, dropShot, saveCheck, saveShot, shotsOf } from './store';
import { now as clock, open, taken } from './tasks';
import type { Check, Fix, Shot, Task } from './types';
import { w } from './words';

/** Photos of a complete check (imagery.selectors.facts), and the most that fit into a reply. */
export const LEAST_PHOTOS = 3;
export const MOST_PHOTOS = 9;
/** Characters that a reply to an order has at least (dispatch.states.replies). */
export const LEAST_NOTE = 8;

export const check = signal<Check | null>(null);
export const shots = signal<Shot[]>([]);
const kept = signal<Check[]>([]);
const person = () => taken.value?.person.username ?? '';
/** All checks of this person that the device knows, the newest first. */
export const all = computed(() => kept.value.filter((one) => one.person === person()));
/** What others have not sent from this device: only they can. */
export const others = computed(() => kept.value.filter((one) => one.person !== person() && one.state !== 'sent'));

/** Whether the order is this person's to hand in. */
export const canHandIn = ({ leads, order_state }: Task) => leads && ['assigned', 'in_progress'].includes(order_state);

function fresh(task: Task): Check {
  const { id, number, kind, order } = task.card;
  return {
    key: newKey(),
    county: boot.county,
    person: taken.peek()?.person.username ?? '',
    point: id,
    number,
    order: order ?? 0,
    state: 'editing',
    at: 0,
    fix: null,
    away: 0,
    finding: '',
    kind,
    note: '',
    farWhy: '',
    handsIn: null,
    isDelivered: false,
    trouble: '',
  };
}

export async function refresh(): Promise<void> {
  kept.value = (await checks()).filter(({ county }) => county === boot.county).sort((a, b) => b.at - a.at);
}

/** Begins a check of a point. */
export function begin(task: Task): void {
  shots.value = [];
  check.value = fresh(task);
}

/** Goes on with what was begun at the open point; where nothing was done yet, begins. */
async function goOn(task: Task): Promise<void> {
  await refresh();
  const mine = all.peek().filter(({ point }) => point === task.card.id);
  const begun = mine.find(({ state }) => state === 'editing');
  const photos = begun ? await shotsOf(begun.key) : [];
  if (open.peek()?.card.id !== task.card.id) return; // another point has been opened meanwhile
  if (begun) [shots.value, check.value] = [photos, begun];
  else if (!mine.length) begin(task);
}

export function edit(part: Partial<Check>): void {
  if (!check.value) return;
  check.value = { ...check.value, ...part };
  void saveCheck(check.value);
}

/** Photos that are still being taken in. */
let taking = Promise.resolve();

/**
 * Takes photos in for the open point, one after the other: a check is not sent without those that were taken before.
 * They are its own also where another point is opened meanwhile.
 */
export function take(files: File[]): Promise<void> {
  const now = check.peek();
  const task = open.peek();
  if (!now || !task) return Promise.resolve();
  void navigator.storage?.persist?.(); // nobody can take these again
  edit({});
  const device = deviceNow();
  const mine = taking.then(() => takeIn(files, now.key, device, task.opened_at));
  taking = mine.catch(() => undefined);
  return mine;
}

/** How long before the order a photo may be taken: people are called there, and the order is written after. */
const BEFORE_ORDER_MS = 86_400_000;

/** One of another visit does not show what the order asks; a list that was taken along before does not say since when. */
async function takeIn(files: File[], key: string, device: Device, since = ''): Promise<void> {
  const isOpen = () => check.peek()?.key === key;
  for (const file of files) {
    const known = isOpen() ? shots.peek() : await shotsOf(key);
    if (known.length >= MOST_PHOTOS) return;
    const shot = await shotOf(file, key, (known.at(-1)?.order ?? 0) + 1, device);
    if (known.some(({ sha256 }) => sha256 === shot.sha256)) say(w.sameAgain);
    else if (Date.parse(shot.takenAt) < Date.parse(since) - BEFORE_ORDER_MS)
      say(w.tooOld(moment(Date.parse(shot.takenAt))));
    else if (!(await saveShot(shot))) return;
    else if (isOpen()) shots.value = [...shots.peek().filter(({ id }) => id !== shot.id), shot];
  }
}

export function look(id: string, azimuth: number): void {
  shots.value = shots.peek().map((shot) => (shot.id === id ? { ...shot, azimuth } : shot));
  const shot = shots.peek().find((one) => one.id === id);
  if (shot) void saveShot(shot);
}

export async function remove(id: string): Promise<void> {
  shots.value = shots.peek().filter((shot) => shot.id !== id);
  await dropShot(id);
}

/** Where somebody was when they took photos, as exactly as it was known; they may walk back while they write. */
export const spot = computed<Fix | null>(() => {
  const known = shots.value.flatMap((shot) => shot.fix ?? []);
  return known.length ? known.reduce((best, one) => (one.accuracy < best.accuracy ? one : best)) : fix.value;
});
export const away = computed(() => (open.value && spot.value ? awayFrom(open.value.card, spot.value) : null));
export const isFar = computed(() => (away.value ?? 0) > FAR_M);

/** Points that go by the order of a task, this one too; as a rule they are one project. */
export const together = ({ card }: Task): Task[] =>
  (taken.value?.tasks ?? []).filter((one) => one.card.id === card.id || (card.order && one.card.order === card.order));

/**
 * Other points of the open one's order where nobody was.
 *
 * Whoever stood within ``FAR_M`` of a point was there, whichever of them they checked (imagery.selectors.facts).
 */
export const waiting = computed<Task[]>(() => {
  const task = open.value;
  if (!task) return [];
  const done = all.value.filter(({ order, state }) => order === task.card.order && state !== 'editing');
  const stood = [...done.map(({ fix: at }) => at), spot.value];
  const isDone = ({ card, checks: n }: Task) =>
    card.id === task.card.id ||
    n > 0 ||
    done.some(({ point }) => point === card.id) ||
    stood.some((at) => at && awayFrom(card, at) <= FAR_M);
  return together(task).filter((one) => !isDone(one));
});

/** Whether the order goes in with the check: as somebody said, else once it waits for no other point. */
export const handsIn = computed(() => {
  const said = check.value?.handsIn ?? waiting.value.length === 0;
  return said && open.value !== undefined && canHandIn(open.value);
});

export type Missing = 'photos' | 'azimuth' | 'place' | 'finding' | 'farWhy' | 'note';

/** What is still to be done before it can be sent. */
export const missing = computed<Missing[]>(() => {
  const now = check.value;
  if (!now) return [];
  const lacks: [Missing, boolean][] = [
    ['photos', shots.value.length < LEAST_PHOTOS],
    ['azimuth', shots.value.some(({ azimuth }) => azimuth === null)],
    ['place', !spot.value],
    ['finding', !now.finding],
    ['farWhy', isFar.value && !now.farWhy.trim()],
    ['note', handsIn.value && now.note.trim().length < LEAST_NOTE],
  ];
  return lacks.filter(([, is]) => is).map(([what]) => what);
});

/** Hands the check over to the outbox; from now on it is not changed. Whether it is there. */
export async function enqueue(): Promise<boolean> {
  await taking;
  const [now, photos] = [check.peek(), shots.peek()];
  if (!now || missing.peek().length) return false;
  const done = { at: clock(), fix: spot.peek(), away: Math.round(away.peek() ?? 0), trouble: '' };
  const farWhy = isFar.peek() ? now.farWhy.trim() : '';
  const goesIn = handsIn.peek();
  [check.value, shots.value] = [null, []]; // what is typed from now on would put it back among those being made
  if (!(await saveCheck({ ...now, ...done, note: now.note.trim(), farWhy, handsIn: goesIn, state: 'queued' }))) {
    [check.value, shots.value] = [now, photos];
    return false;
  }
  await refresh();
  return true;
}

/** Somebody is back at this tab: in another one the check may have gone out meanwhile. */
async function lookAgain(): Promise<void> {
  await refresh();
  const now = check.peek();
  const kept = now && (await checkOf(now.key));
  if (!kept || kept.state === 'editing' || check.peek()?.key !== kept.key) return;
  check.value = null;
  shots.value = [];
}

/** Takes a check that was refused back for another look. */
export async function reopen(one: Check): Promise<void> {
  const again: Check = { ...one, state: 'editing', trouble: '' };
  await saveCheck(again);
  await refresh();
  if (open.peek()?.card.id === one.point) {
    shots.value = await shotsOf(one.key);
    check.value = again;
  }
}

export async function discard({ key }: Check): Promise<void> {
  await dropCheck(key);
  await refresh();
}

/** Each point that is opened has its own check. */
export function watch(): void {
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void lookAgain();
  });
  let before = 0;
  effect(() => {
    const id = open.value?.card.id ?? 0;
    if (id === before) return;
    before = id;
    check.value = null;
    shots.value = [];
    const task = open.peek();
    if (task) void goOn(task);
  });
}
