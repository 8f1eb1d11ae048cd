/** Several points that are chosen, and what would become of them. */

import { signal } from '@preact/signals';
import { say } from '../../core/ui/toast';
import { AT_ONCE, chosen, isChoosing } from './store';
import type { Line, Verdict } from './types';
import { w } from './words';

export type Said = Extract<Verdict, 'change' | 'no_change'>;
export interface Outcome {
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
  isChoosing.value = false;
  outcome.value = null;
}
