/** Several points that are chosen or are one project, and what would become of them. */

import { effect, signal } from '@preact/signals';
import { say } from '../../core/ui/toast';
import { review, type Several } from './api';
import { reason } from './options';
import { AT_ONCE, act, chosen, isChoosing, keepPlace, kind, open } from './store';
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

/** Does what was tried. */
export const done = (asked: Asked, then: () => unknown) =>
  act(async () => {
    const batch = crypto.randomUUID();
    const { items } = await review.batch(asked.of, { batch, ...asked.said });
    outcome.value = { ...asked, items, batch };
    await then();
  });

export const takenBack = (batch: string, then: () => unknown = () => undefined) =>
  act(async () => {
    const { items } = await review.undoBatch(batch);
    say(w.batchUndone(items.filter(({ ok }) => ok).length));
    forget();
    await then();
  });
