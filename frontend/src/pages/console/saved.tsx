/** Filters that somebody uses often: a queue and its filters under a name, wherever the person signs in. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { filters, writtenFilters } from '../../core/url';
import { savedFilters } from './api';
import { openQueue, queue } from './store';
import type { SavedFilter } from './types';
import { c } from './words';

const MOST = 12;

const saved = signal<SavedFilter[]>([]);
/** Whether they have been read: nothing that was not read is written over. */
let isRead = false;

/** Shows what the server has after `asked`; where that fails, what was shown stays. */
async function show(asked: Promise<{ items: SavedFilter[] }>): Promise<void> {
  try {
    saved.value = (await asked).items;
    isRead = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? c.notDoneOffline : error.message || t.failedWhy);
  }
}

export const loadSaved = () => show(savedFilters.list());

async function change(next: (now: SavedFilter[]) => SavedFilter[]): Promise<void> {
  if (!isRead) await loadSaved();
  if (isRead) await show(savedFilters.put(next(saved.value)));
}

/** Keeps what the list shows now; the same name again takes the place of the old one. */
export function keep(name: string): boolean {
  const said = name.trim();
  if (!said) return false;
  const mine = { name: said, queue: queue.value, filters: writtenFilters(filters.value) };
  void change((now) => [...now.filter(({ name: other }) => other !== said).slice(1 - MOST), mine]);
  return true;
}

const isOpen = (one: SavedFilter) => one.queue === queue.value && one.filters === writtenFilters(filters.value);

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
              onClick={() => void change((now) => now.filter((other) => other.name !== one.name))}
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
