/** Several points that are chosen or are one project, and what would become of them. */

import { effect, signal } from '@preact/signals';
import { say } from '../../core/ui/toast';
import { view } from '../../core/url';
import { review, type Several } from './api';
import { AT_ONCE, act, chosen, isChoosing, keepPlace, reason } from './store';
import type { Card, Line, Verdict } from './types';
import { w } from './words';

export type Said = Extract<Verdict, 'change' | 'no_change'>;
export interface Outcome {
  of: Several;
  verdict: Said;
  items: Line[];
  /** Numbers of the points, which leave the queue. */
  names: Map<number, string>;
  /** Id of the batch that was done; '' for one that was only tried. */
  batch: string;
}

export const outcome = signal<Outcome | null>(null);

/** Another choice makes what was tried untrue. */
export function choose(ids: Iterable<number>): void {
  const all = [...ids];
  if (all.length > AT_ONCE) say(w.tooMany(AT_ONCE));
  chosen.value = new Set(all.slice(0, AT_ONCE));
  outcome.value = null;
}

export function leave(): void {
  const goOn = keepPlace();
  isChoosing.value = false;
  chosen.value = new Set();
  outcome.value = null;
  goOn();
}

/** What is chosen of one list is not of another. */
export function followView(): void {
  effect(() => {
    void view.value;
    leave();
  });
}

export interface Asked {
  of: Several;
  verdict: Said;
  /** What all of them are; '' leaves each what it is. */
  kind: string;
  /** All points of whom it may be, by which they are called. */
  points: Pick<Card, 'id' | 'number'>[];
}

const said = ({ verdict, kind }: Asked) => ({
  verdict,
  ...(verdict === 'change' ? kind && { kind } : { reason: reason.peek() }),
});

/** Says what would become of each, and does nothing. */
export const tried = (asked: Asked) =>
  act(async () => {
    const { items } = await review.batch(asked.of, { batch: crypto.randomUUID(), dry_run: true, ...said(asked) });
    const names = new Map(asked.points.map(({ id, number }) => [id, number]));
    outcome.value = { of: asked.of, verdict: asked.verdict, items, names, batch: '' };
  });

/** Does what was tried. */
export const done = (asked: Asked, then: () => unknown) =>
  act(async () => {
    const batch = crypto.randomUUID();
    const { items } = await review.batch(asked.of, { batch, ...said(asked) });
    const names = outcome.peek()?.names ?? new Map();
    outcome.value = { of: asked.of, verdict: asked.verdict, items, names, batch };
    await then();
  });

export const takenBack = (batch: string, then: () => unknown = () => undefined) =>
  act(async () => {
    const { items } = await review.undoBatch(batch);
    say(w.batchUndone(items.filter(({ ok }) => ok).length));
    outcome.value = null;
    await then();
  });
