/** Keys of the workbench: one letter is a verdict and the next point; heard wherever nobody is typing. */

import { isTaken, usesKeys } from '../../staff/keys';
import { isGroupOpen } from './groups';
import { kind, turnConfidence, turnReason } from './hand';
import { NOTE } from './kinds';
import { isChoosing, judge, skip, toggleOverlay, undo } from './store';
import type { Verdict } from './types';
import { blink, nudge, turnLatest, turnLook } from './viewer';
import { view } from './views';
import { isReviewer } from './who';

export const VERDICT_KEYS: Record<string, Verdict> = {
  j: 'change',
  k: 'no_change',
  u: 'unsure',
  i: 'bad_imagery',
  d: 'defer',
};
/** Kinds in the order of the keys 1–7. */
export const KINDS = ['building', 'bare', 'road', 'water', 'vegetation', 'pv', 'other'] as const;

/** What is laid over the scenes, by the keys that lay it there or take it away. */
export const LAYER_KEYS: Record<string, string> = {
  o: 'outline',
  c: 'redlines',
  p: 'projects',
  e: 'earlier',
  b: 'villages',
};

const OTHER: Record<string, () => void> = {
  f: () => void judge('change', true),
  n: () => void skip(),
  r: turnReason,
  s: turnConfidence,
  m: () => document.getElementById(NOTE)?.focus(),
  z: () => void undo(),
  l: turnLatest,
  v: turnLook,
  '[': () => nudge(-10),
  ']': () => nudge(10),
};

/** Keys speak of the point in hand: elsewhere they mean nothing. */
const isAtWork = () => isReviewer && !view.peek() && !isChoosing.peek() && !isGroupOpen.peek();

/** Whether the key meant something. */
function press(key: string): boolean {
  if (!isAtWork()) return false;
  const verdict = VERDICT_KEYS[key];
  const named = KINDS[Number(key) - 1];
  const layer = LAYER_KEYS[key];
  if (verdict) void judge(verdict);
  else if (named) kind.value = named;
  else if (layer) toggleOverlay(layer);
  else if (OTHER[key]) OTHER[key]();
  else return false;
  return true;
}

/** On a button the space bar presses it; everywhere else, on the swipe too, it shows the other scene. */
const blinks = ({ key, target }: KeyboardEvent) => {
  const it = target as HTMLElement;
  return key === ' ' && (it.matches('[type=range]') || !it.closest('button,a,summary,input,label'));
};

export function listen(help: () => void): void {
  const hear = (event: KeyboardEvent) => {
    if (event.repeat || isTaken(event)) return;
    if (event.key === '?') help();
    else if (blinks(event) && !isChoosing.peek()) {
      event.preventDefault();
      blink();
    } else if (usesKeys.peek() && press(event.key.toLowerCase())) event.preventDefault();
  };
  // What the mouse chose from or pressed keeps the focus, and with it the next letter or space bar: it is let go.
  let byMouse = false;
  document.addEventListener('pointerdown', () => {
    byMouse = true;
  });
  document.addEventListener('change', ({ target }) => {
    const it = target as HTMLElement;
    if (byMouse && it.matches('select,[type=checkbox]')) it.blur();
  });
  document.addEventListener('click', ({ target }) => {
    if (byMouse) (target as HTMLElement).closest('button')?.blur();
  });
  document.addEventListener('keydown', (event) => {
    byMouse = false;
    hear(event);
  });
}
