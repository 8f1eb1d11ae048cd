/** Keys of the page: single letters, heard wherever nobody is typing; and the list of them. */

import { signal } from '@preact/signals';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { view } from '../../core/url';
import { openDialog } from '../../panel/dialog';
import { openCase, openLine, openRow, rows, tick, ticked } from './store';
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

const KEPT = 'console-keys';

function remembered(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true; // storage is switched off: so is remembering
  }
}

/** Single letters are off for whoever speaks to the machine, or presses keys by mistake (WCAG 2.1.4). */
export const usesKeys = signal(remembered());

function useKeys(on: boolean): void {
  usesKeys.value = on;
  try {
    localStorage.setItem(KEPT, on ? 'on' : 'off');
  } catch {
    // see above
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && Boolean(target.closest('input:not([type=checkbox]),textarea,select,dialog'));

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

export function listen(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === 'escape' && openRow.peek()) {
      openCase(null);
      focus('.cr [aria-current]');
    } else if (key === '?') showHelp(document.activeElement as HTMLElement);
    else if (!usesKeys.peek()) return;
    else if (KEYS[key]) KEYS[key](event);
    else if (/^[a-z]$/.test(key) && move(key)) event.preventDefault();
  });
}

function Help({ close }: { close: () => void }) {
  return (
    <div class="help">
      <div class="row">
        <h1 class="grow">{c.keyAll}</h1>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {c.keyList.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={usesKeys.value} onChange={(event) => useKeys(event.currentTarget.checked)} />
        {c.keysOn}
      </label>
    </div>
  );
}

export function showHelp(opener: HTMLElement): void {
  openDialog('keyhelp', c.keyAll, opener, (close) => <Help close={close} />);
}
