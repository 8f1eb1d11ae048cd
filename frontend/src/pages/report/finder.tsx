/** A village or a facility by its name: a combobox, for those who would rather type than move a map. */

import { batch, signal } from '@preact/signals';
import { ApiError, isAbort } from '../../core/api';
import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import { distance } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { SearchResult } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import { choose, view } from './place';
import { r } from './words';

const WAIT_MS = 160;
const LIST = 'found-places';
const ICON_OF_KIND: Record<string, string> = { place: 'village', project: 'road' };

const text = signal('');
const found = signal<{ query: string; results: SearchResult[]; failed: string } | null>(null);
const at = signal(-1);

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

async function search(query: string): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const [west = 0, south = 0, east = 0, north = 0] = boot.facts?.bbox ?? [];
  const { lon, lat } = view.value?.middle() ?? { lon: (west + east) / 2, lat: (south + north) / 2 };
  try {
    const { results } = await endpoints.search(query, lon, lat, asking.signal);
    // A kind of facility is no place.
    found.value = { query, results: results.filter((one) => one.lon !== null), failed: '' };
  } catch (error) {
    if (isAbort(error)) return;
    found.value = { query, results: [], failed: (error instanceof ApiError && error.message) || t.searchFailed };
  }
}

function close(): void {
  clearTimeout(timer);
  asking?.abort();
  batch(() => {
    found.value = null;
    at.value = -1;
  });
}

function typed(value: string): void {
  text.value = value;
  at.value = -1;
  clearTimeout(timer);
  const query = value.trim();
  if (query) timer = setTimeout(() => void search(query), WAIT_MS);
  else close();
}

function pick(result: SearchResult | undefined): void {
  if (!result) return;
  text.value = result.title;
  close();
  choose(result);
}

function step(by: number): void {
  const count = found.value?.results.length ?? 0;
  if (count) at.value = (at.value + by + count + (at.value < 0 && by < 0 ? 1 : 0)) % count;
}

function keys(event: KeyboardEvent): void {
  const acts: Record<string, () => void> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => pick(found.value?.results[Math.max(0, at.value)]),
    Escape: close,
  };
  const act = acts[event.key];
  if (!act || !found.value) return;
  event.preventDefault();
  act();
}

function Results() {
  const { value: now } = found;
  if (!now) return null;
  return (
    <div class="card results">
      <div id={LIST} role="listbox" aria-label={t.search} hidden={!now.results.length}>
        {now.results.map((result, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox this option belongs to
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox (aria-activedescendant)
          <div
            key={`${result.key}:${result.id}`}
            id={`${LIST}-${index}`}
            class="option"
            role="option"
            aria-selected={index === at.value}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(result)}
          >
            <Icon name={ICON_OF_KIND[result.kind] ?? 'pin'} size="s" />
            <span class="grow cut">
              <b>{result.title}</b> <span class="mut f13">{result.subtitle}</span>
            </span>
            <span class="mut f13 nw">
              <Facts
                of={[
                  t.kinds[result.kind === 'place' ? result.key : result.kind],
                  typeof result.distance_m === 'number' && distance(result.distance_m),
                ]}
              />
            </span>
          </div>
        ))}
      </div>
      {!now.results.length && <p class="f14">{now.failed || t.searchNone(now.query)}</p>}
    </div>
  );
}

export function Finder() {
  const count = found.value?.results.length ?? 0;
  return (
    <search class="searchbox">
      <div class="search flat">
        <Icon name="search" size="s" />
        <input
          type="text"
          maxLength={60}
          enterkeyhint="search"
          autocomplete="off"
          spellcheck={false}
          role="combobox"
          aria-label={r.find}
          aria-autocomplete="list"
          aria-expanded={count > 0}
          aria-controls={LIST}
          aria-activedescendant={at.value >= 0 ? `${LIST}-${at.value}` : undefined}
          placeholder={r.findHint}
          value={text.value}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={keys}
          onBlur={close}
        />
      </div>
      <Results />
      <span class="sr" role="status">
        {found.value && t.searchCount(count)}
      </span>
    </search>
  );
}
