/** Several points that are chosen or are one project, and what would become of them. */

import { effect, signal } from '@preact/signals';
import { say } from '../../core/ui/toast';
import { review, type Several } from './api';
import { kind } from './hand';
import { reason } from './options';
import { AT_ONCE, act, chosen, isChoosing, keepPlace, next, open } from './store';
import type { Card, Line, Verdict } from './types';
import { view } from './views';
import { w } from './words';

export type Said = Extract<Verdict, 'change' | 'no_change'>;
/** A verdict on several, with all that is said with it: what was tried is what is done. */
export interface Asked {
  of: Several;
  verdict: Said;
  /** What else is said: a kind or a reason. */
  said: object;
  /** Numbers of the points, which leave the queue. */
  names: Map<number, string>;
}

export interface Outcome extends Asked {
  items: Line[];
  /** Id of the batch that was done; '' for one that was only tried. */
  batch: string;
}

/** `kind` is what all of them are; '' leaves each what it is. */
export const asked = (of: Several, verdict: Said, points: Pick<Card, 'id' | 'number'>[], kind = ''): Asked => ({
  of,
  verdict,
  said: verdict === 'change' ? { verdict, ...(kind && { kind }) } : { verdict, reason: reason.peek() },
  names: new Map(points.map(({ id, number }) => [id, number])),
});

export const outcome = signal<Outcome | null>(null);
/** What is being tried. */
let trial: Asked | null = null;

/** Something else is asked for: what was tried, or comes of it yet, is no answer to that. */
export function forget(): void {
  trial = null;
  outcome.value = null;
}

export function choose(ids: Iterable<number>): void {
  const all = [...ids];
  if (all.length > AT_ONCE) say(w.tooMany(AT_ONCE));
  chosen.value = new Set(all.slice(0, AT_ONCE));
  forget();
}

/** From now on it is spoken of several: each stays what it is until somebody says what all of them are. */
export function chooseSeveral(): void {
  isChoosing.value = true;
  kind.value = '';
}

export function leave(): void {
  const goOn = keepPlace();
  if (isChoosing.peek()) kind.value = open.peek()?.kind ?? '';
  isChoosing.value = false;
  chosen.value = new Set();
  forget();
  goOn();
  passOn();
}

/** What is chosen of one list is not of another. */
export function followView(): void {
  effect(() => {
    void view.value;
    leave();
  });
}

/** Says what would become of each, and does nothing. */
export function tried(asked: Asked): Promise<void> {
  trial = asked;
  return act(async () => {
    const { items } = await review.batch(asked.of, { batch: crypto.randomUUID(), dry_run: true, ...asked.said });
    if (trial === asked) outcome.value = { ...asked, items, batch: '' };
  });
}

/** Points that were judged together: nobody holds them any more, nor is the reader to give their second verdict. */
const judged = new Set<number>();

/** Back at the card of a point that was judged together with others: the next one. */
export function passOn(): void {
  const id = open.peek()?.id ?? 0;
  if (judged.has(id) && !view.peek()) void next();
  judged.clear();
}

/** Does what was tried. */
export const done = (asked: Asked, then: () => unknown) =>
  act(async () => {
    const batch = crypto.randomUUID();
    const { items } = await review.batch(asked.of, { batch, ...asked.said });
    for (const { ok, id } of items) if (ok) judged.add(id);
    outcome.value = { ...asked, items, batch };
    await then();
  });

export const takenBack = (batch: string, then: () => unknown = () => undefined) =>
  act(async () => {
    const { items } = await review.undoBatch(batch);
    const back = items.filter(({ ok }) => ok);
    const told = (of: Line[], how: (n: number, why: string) => string) => {
      const some = of.filter(({ message }) => message);
      return some[0] ? how(some.length, some[0].message) : '';
    };
    const left = items.filter(({ ok }) => !ok);
    say(w.batchUndone(back.length) + told(back, w.ofThem) + told(left, w.notBack));
    forget();
    await then();
  });
