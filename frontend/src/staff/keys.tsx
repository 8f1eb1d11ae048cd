/** Single letters as keys: on or off for this browser, where they are not heard, and the list of them. */

import { signal } from '@preact/signals';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { openDialog } from '../panel/dialog';

/** The browser keeps it under this name. */
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

/** Whether a key means something else here: a letter of a text or an input method, a part of a dialog, a shortcut of the browser. */
export const isTaken = ({ target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean =>
  isComposing ||
  ctrlKey ||
  metaKey ||
  altKey ||
  (target instanceof HTMLElement &&
    Boolean(target.closest('input:not([type=checkbox],[type=range]),textarea,select,dialog')));

/** What the page's list of keys says. */
export interface KeyWords {
  keyAll: string;
  keysOn: string;
  /** Keys with a blank between them, and what they do. */
  keyList: readonly (readonly [string, string])[];
}

function Help({ words, close }: { words: KeyWords; close: () => void }) {
  return (
    <div class="help">
      <div class="row">
        <h1 class="grow">{words.keyAll}</h1>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {words.keyList.map(([keys, what]) => (
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
        {words.keysOn}
      </label>
    </div>
  );
}

export function showKeys(words: KeyWords, opener: HTMLElement): void {
  openDialog('keyhelp', words.keyAll, opener, (close) => <Help words={words} close={close} />);
}
