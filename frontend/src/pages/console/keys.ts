/** Keys of the page: single letters, heard wherever nobody is typing. */

import { view } from '../../core/url';
import { isTaken, showKeys, usesKeys } from '../../staff/keys';
import { chosen, closeForm } from './moves/doing';
import { openCase, openKey, openLine, openRow, rows, tick, ticked } from './store';
import { c } from './words';

/** Letters of the moves, as they are printed on their buttons; the order of a row is that of the day. */
export const MOVE_KEYS: Record<string, string> = {
  'report.accept': 'a',
  'order.assign': 'd',
  'order.sign': 's',
  'order.submit': 'r',
  'order.approve': 'v',
  'order.send_back': 'n',
  'order.hand_back': 'b',
  'order.arbitrate': 'i',
  'order.extend': 'e',
  'order.supervise': 'u',
  'report.ask': 'q',
  'order.ask': 'q',
  'report.merge': 'm',
  'report.call_back': 'h',
  'report.comment': 'c',
  'report.edit': 'w',
  'report.publish': 'p',
  'report.call': 't',
};

/** Opens the row `by` further down. */
function step(by: number): void {
  if (view.peek()) return;
  const all = rows.peek();
  const at = all.findIndex(({ id }) => id === openRow.peek());
  const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  if (row) openLine(row.id);
}

function tickOpen(): void {
  const id = openRow.peek();
  if (id) tick(id, !ticked.peek().has(id));
}

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();

const KEYS: Record<string, (event: KeyboardEvent) => void> = {
  j: () => step(1),
  k: () => step(-1),
  x: tickOpen,
  l: () => focus('.rows'),
  o: () => focus('.dt h2'),
  g: () => focus('#map'),
  '/': (event) => {
    event.preventDefault();
    focus('#find');
  },
};

/** Presses the button of the open case that has this letter. */
function move(key: string): boolean {
  const button = document.querySelector<HTMLButtonElement>(`.dt [aria-keyshortcuts="${key.toUpperCase()}"]`);
  button?.click();
  return Boolean(button);
}

/**
 * Out of the form, else of the list of acts, else out of the case. A form has the focus a moment after it is there:
 * till then it ends here.
 */
function leave(): void {
  const acts = document.querySelector<HTMLElement>('.bar [aria-expanded=true]');
  if (chosen.peek()) closeForm();
  else if (acts) {
    acts.click();
    acts.focus();
  } else if (openKey.peek()) {
    openCase(null);
    focus('.cr [aria-current]');
  }
}

export function listen(): void {
  document.addEventListener('keydown', (event) => {
    if (isTaken(event)) return;
    const key = event.key.toLowerCase();
    if (key === 'escape') leave();
    else if (key === '?') showKeys(c, document.activeElement as HTMLElement);
    else if (!usesKeys.peek()) return;
    else if (KEYS[key]) KEYS[key](event);
    else if (/^[a-z]$/.test(key) && move(key)) event.preventDefault();
  });
}
