/** What the reader has chosen and written for the point in hand, before the verdict. */

import { signal } from '@preact/signals';
import { zone } from '../../core/format';
import type { Said } from './api';
import { firstReason, options, reason } from './options';
import type { Verdict } from './types';

const DAY_MS = 86_400_000;
/** A moment's whole date, by the county's calendar (2026-09-10). */
export const isoDay = (at: number | string) => new Date(at).toLocaleDateString('sv-SE', { timeZone: zone });
/** The day that is so many days from now. */
export const dayIn = (days: number) => isoDay(Date.now() + days * DAY_MS);

/** What the open point is, in the reader's words; the detection's until somebody presses 1–7. */
export const kind = signal('');
/** What the reader adds in words; whoever decides between two verdicts reads it. */
export const note = signal('');
/** How sure the reader is: 1, 2, 3; '' where nobody says. */
export const confidence = signal('');
/** The last day on which what is left for later is not offered; it stays from point to point. */
export const later = signal(dayIn(30));

export interface Chosen {
  kind?: string;
  reason?: string;
  note?: string;
  confidence?: string;
}

export const chosenNow = (): Chosen => ({
  kind: kind.peek(),
  reason: reason.peek(),
  note: note.peek(),
  confidence: confidence.peek(),
});

/** For a point that comes: what had been chosen for it, else what detection says of it. */
export function takeUp(chosen: Chosen, detected = ''): void {
  kind.value = chosen.kind ?? detected;
  reason.value = chosen.reason ?? firstReason();
  note.value = chosen.note ?? '';
  confidence.value = chosen.confidence ?? '';
}

/** It, as the server is told of a verdict. */
export const toldWith = (verdict: Verdict): Pick<Said, 'kind' | 'reason' | 'note' | 'confidence' | 'until'> => ({
  kind: kind.peek(),
  reason: verdict === 'no_change' ? reason.peek() : '',
  note: note.peek().trim(),
  confidence: Number(confidence.peek()) || null,
  until: (verdict === 'defer' && later.peek()) || null,
});

/** Another reason for no change, by key. */
export function turnReason(): void {
  const all = options.peek()?.reasons ?? [];
  const at = all.findIndex(({ value }) => value === reason.peek());
  reason.value = all[(at + 1) % all.length]?.value ?? '';
}

/** How sure, by key: not said, low, middle, high. */
export function turnConfidence(): void {
  const all = ['', ...(options.peek()?.confidences ?? []).map(({ value }) => value)];
  confidence.value = all[(all.indexOf(confidence.peek()) + 1) % all.length] ?? '';
}
