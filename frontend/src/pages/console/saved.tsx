/** Filters that somebody uses often: a queue and its filters under a name, wherever the person signs in. */

import { computed, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { say } from '../../core/ui/toast';
import { filters, writtenFilters } from '../../core/url';
import { SavedList } from '../../staff/saved';
import { savedFilters } from './api';
import { isOwn, openQueue, queue } from './store';
import type { SavedFilter } from './types';
import { c } from './words';

const MOST = 12;

const saved = signal<SavedFilter[]>([]);
/** Those of other pages (the review's) are kept in the same list. */
const shown = computed(() => saved.value.filter((one) => isOwn(one.queue)));
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

const openIt = (one: SavedFilter) => openQueue(one.queue, one.filters);

export function Saved() {
  return (
    shown.value.length > 0 && (
      <>
        <h2>{c.saved}</h2>
        <SavedList
          of={shown.value}
          dropWord={c.dropSaved}
          isOpen={isOpen}
          use={openIt}
          drop={(dropped) => void change((now) => now.filter((other) => other.name !== dropped))}
        />
      </>
    )
  );
}

export function SavedChips() {
  return shown.value.map((one) => (
    <button
      key={one.name}
      type="button"
      class="chip line"
      aria-current={isOpen(one) ? 'page' : undefined}
      onClick={() => openIt(one)}
    >
      {one.name}
    </button>
  ));
}
