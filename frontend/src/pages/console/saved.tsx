/** Filters that somebody uses often: a queue and its filters under a name, kept in this browser for this account. */

import { signal } from '@preact/signals';
import { boot } from '../../core/boot';
import { Icon } from '../../core/icons/Icon';
import { filters, writtenFilters } from '../../core/url';
import { openQueue, queue } from './store';
import { c } from './words';

interface Kept {
  name: string;
  queue: string;
  /** As an address has them (`f=`). */
  filters: string;
}

const KEY = `console-saved:${boot.me?.username ?? ''}`;
const MOST = 12;

function remembered(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Kept[];
  } catch {
    return []; // storage is switched off, or somebody else wrote there
  }
}

export const saved = signal(remembered());

function put(next: Kept[]): void {
  saved.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // it holds until the page is left
  }
}

/** Keeps what the list shows now; the same name again takes the place of the old one. */
export function keep(name: string): boolean {
  const said = name.trim();
  if (!said) return false;
  const others = saved.value.filter((one) => one.name !== said).slice(0, MOST - 1);
  put([...others, { name: said, queue: queue.value, filters: writtenFilters(filters.value) }]);
  return true;
}

const isOpen = (one: Kept) => one.queue === queue.value && one.filters === writtenFilters(filters.value);

export function Saved() {
  if (!saved.value.length) return null;
  return (
    <>
      <h2>{c.saved}</h2>
      <ul class="saved">
        {saved.value.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              aria-current={isOpen(one) ? 'page' : undefined}
              onClick={() => openQueue(one.queue, one.filters)}
            >
              <span class="grow">{one.name}</span>
            </button>
            <button
              type="button"
              class="x"
              aria-label={c.dropSaved(one.name)}
              onClick={() => put(saved.value.filter((other) => other !== one))}
            >
              <Icon name="close" size="xs" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function SavedChips() {
  return saved.value.map((one) => (
    <button
      key={one.name}
      type="button"
      class="chip line"
      aria-current={isOpen(one) ? 'page' : undefined}
      onClick={() => openQueue(one.queue, one.filters)}
    >
      {one.name}
    </button>
  ));
}
