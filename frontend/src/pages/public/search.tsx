/** Search by name, pinyin, initials and kind: a combobox with a list below it. */

import { signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ApiError, isAbort } from '../../core/api';
import { endpoints } from '../../core/endpoints';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { NearFacility, SearchResult } from '../../core/types';
import { openList, type Selection, select } from '../../core/url';
import { CLOSED, found } from './search-state';
import { active, county, mapView } from './store';

const list = signal<typeof import('./search-results') | null>(null);

function loadList(): void {
  if (list.value) return;
  import('./search-results').then(
    (part) => {
      list.value = part;
    },
    () => undefined, // no network: the search itself will say so
  );
}

const WAIT_MS = 160;

let running: AbortController | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function centre(): { lon: number; lat: number } {
  const [lon, lat] = county.state.value.data?.center ?? [0, 0];
  return mapView.value?.middle() ?? { lon, lat };
}

function fail(query: string, error: unknown): void {
  if (isAbort(error)) return;
  const said = error instanceof ApiError && error.message ? error.message : t.searchFailed;
  found.value = { ...CLOSED, query, failed: said };
}

async function search(query: string): Promise<void> {
  running?.abort();
  running = new AbortController();
  const { lon, lat } = centre();
  try {
    const { results } = await endpoints.search(query, lon, lat, running.signal);
    found.value = { ...CLOSED, query, results };
  } catch (error) {
    fail(query, error);
  }
}

function asResult(facility: NearFacility): SearchResult {
  const { id, name, category_title: subtitle, lon, lat, distance_m, icon } = facility;
  return {
    kind: 'facility',
    key: 'facilities',
    id: String(id),
    title: name,
    subtitle,
    lon,
    lat,
    bbox: null,
    distance_m,
    icon,
  };
}

/** Behind the nearest ones: the list of them all. */
const allOf = (id: string, title: string): SearchResult => ({
  ...{ kind: 'list', key: 'facilities', id, title: t.allOf(title), subtitle: '' },
  ...{ lon: null, lat: null, bbox: null, distance_m: null, icon: 'list' },
});

/** A kind of facility was chosen ("公厕"): the nearest five of it take the place of the list. */
async function nearest({ id, title }: SearchResult): Promise<void> {
  const { lon, lat } = centre();
  try {
    const { items } = await endpoints.nearest(String(id), lon, lat);
    found.value = {
      query: title,
      heading: t.nearestOf(title),
      results: [...items.map(asResult), allOf(String(id), title)],
      failed: '',
    };
  } catch (error) {
    fail(title, error);
  }
}

/** What opening a result selects. A grid is opened with the village it lies in. */
function target({ kind, key, id }: SearchResult): Selection {
  if (kind !== 'place') return { kind: key, id };
  return id.length > 9 ? { kind: 'village', id: id.slice(0, 12) } : { kind: 'township', id };
}

function useCombobox() {
  const text = useSignal('');
  const at = useSignal(-1);
  const input = useRef<HTMLInputElement>(null);
  const close = () => {
    clearTimeout(timer);
    running?.abort();
    found.value = CLOSED;
    at.value = -1;
  };
  const clear = () => {
    text.value = '';
    close();
    input.current?.focus();
  };
  const choose = (result: SearchResult) => {
    if (result.kind === 'category') return void nearest(result);
    text.value = '';
    close();
    if (result.kind === 'list') openList(result.key, 'category', result.id, [...active.value, result.key]);
    else if (result.kind === 'place' && result.id.length === 6) mapView.value?.whole();
    else select(target(result));
  };
  const typed = (value: string) => {
    text.value = value;
    at.value = -1;
    clearTimeout(timer);
    const query = value.trim();
    if (query) timer = setTimeout(() => void search(query), WAIT_MS);
    else close();
  };
  const step = (by: number) => {
    const count = found.value.results.length;
    at.value = count ? (at.value + by + count + (at.value < 0 && by < 0 ? 1 : 0)) % count : -1;
    return true;
  };
  const leave = () => {
    if (!text.value) return false;
    clear();
    return true;
  };
  const acts: Record<string, () => boolean> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: leave,
    Enter: () => {
      const result = found.value.results[Math.max(0, at.value)];
      if (result) choose(result);
      return Boolean(result);
    },
  };
  const keys = (event: KeyboardEvent) => {
    if (acts[event.key]?.()) event.preventDefault();
  };
  return { text, at, input, close, clear, choose, typed, keys };
}

export function Search({
  flat,
  lead,
  tail,
}: {
  flat?: boolean;
  lead?: preact.ComponentChildren;
  tail?: preact.ComponentChildren;
}) {
  const { text, at, input, close, clear, choose, typed, keys } = useCombobox();
  const { query, results } = found.value;
  const id = 'search-results';
  return (
    <search class="searchbox">
      <div class={flat ? 'search flat' : 'search'}>
        {lead ?? <Icon name="search" size="s" />}
        <input
          ref={input}
          type="text"
          maxLength={60}
          enterkeyhint="search"
          autocomplete="off"
          spellcheck={false}
          role="combobox"
          aria-label={t.search}
          aria-autocomplete="list"
          aria-expanded={results.length > 0}
          aria-controls={id}
          aria-activedescendant={at.value >= 0 ? `${id}-${at.value}` : undefined}
          placeholder={flat ? t.searchLong : t.searchShort}
          value={text.value}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={keys}
          onFocus={loadList}
          onBlur={close}
        />
        {text.value ? (
          <button
            type="button"
            class="clear"
            aria-label={t.searchClear}
            onMouseDown={(event) => event.preventDefault()}
            onClick={clear}
          >
            <Icon name="close" size="s" />
          </button>
        ) : (
          tail
        )}
      </div>
      {list.value && <list.value.Results id={id} at={at.value} choose={choose} />}
      <span class="sr" role="status">
        {query && t.searchCount(results.length)}
      </span>
    </search>
  );
}
