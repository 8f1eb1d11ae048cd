/** What the search box does and finds. Loaded when somebody goes to the box. */

import { ApiError, isAbort } from '../../core/api';
import { endpoints } from '../../core/endpoints';
import { distance } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { isIcon } from '../../core/icons/icons';
import type { NearFacility, SearchResult } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import { openList, type Selection, select } from '../../core/url';
import { at, CLOSED, found, text } from './search-state';
import { active, county, mapView } from './store';

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

export function close(): void {
  clearTimeout(timer);
  running?.abort();
  found.value = CLOSED;
  at.value = -1;
}

function choose(result: SearchResult): void {
  if (result.kind === 'category') return void nearest(result);
  text.value = '';
  close();
  if (result.kind === 'list') openList(result.key, 'category', result.id, [...active.value, result.key]);
  else if (result.kind === 'place' && result.id.length === 6) mapView.value?.whole();
  else select(target(result));
}

/** Something else stands in the box. */
export function typed(): void {
  at.value = -1;
  clearTimeout(timer);
  const query = text.value.trim();
  if (query) timer = setTimeout(() => void search(query), WAIT_MS);
  else close();
}

function step(by: number): boolean {
  const count = found.value.results.length;
  at.value = count ? (at.value + by + count + (at.value < 0 && by < 0 ? 1 : 0)) % count : -1;
  return true;
}

const ACTS: Record<string, () => boolean> = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Escape: () => {
    const had = Boolean(text.value);
    text.value = '';
    close();
    return had;
  },
  Enter: () => {
    const result = found.value.results[Math.max(0, at.value)];
    if (result) choose(result);
    return Boolean(result);
  },
};

export function keys(event: KeyboardEvent): void {
  if (ACTS[event.key]?.()) event.preventDefault();
}

function kindOf({ kind, key }: SearchResult): string {
  return t.kinds[kind === 'place' ? key : kind] ?? '';
}

const ICON_OF_KIND: Record<string, string> = { place: 'village', project: 'road', facility: 'pin' };

function Option({
  result,
  id,
  active,
  choose,
}: {
  result: SearchResult;
  id: string;
  active: boolean;
  choose: () => void;
}) {
  const icon = isIcon(result.icon) ? result.icon : (ICON_OF_KIND[result.kind] ?? 'pin');
  const away = typeof result.distance_m === 'number' ? distance(result.distance_m) : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox this option belongs to
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox (aria-activedescendant)
    <div
      id={id}
      class="option"
      role="option"
      aria-selected={active}
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <Icon name={icon} size="s" />
      <span class="grow cut">
        <b>{result.title}</b> <span class="mut f13">{result.subtitle}</span>
      </span>
      <span class="mut f13 nw">
        <Facts of={[kindOf(result), away]} />
      </span>
    </div>
  );
}

/** The list below the box. */
export function Results({ id }: { id: string }) {
  const { query, heading, results, failed } = found.value;
  if (!query) return null;
  return (
    <div class="card results">
      {heading && <p class="f13 mut">{heading}</p>}
      <div id={id} role="listbox" aria-label={t.search} hidden={!results.length}>
        {results.map((result, index) => (
          <Option
            key={`${result.key}:${result.id}`}
            id={`${id}-${index}`}
            result={result}
            active={index === at.value}
            choose={() => choose(result)}
          />
        ))}
      </div>
      {!results.length && (
        <p class="none">
          <b>{failed || t.searchNone(query)}</b>
          {!failed && <span class="mut f13">{t.searchNoneHint}</span>}
        </p>
      )}
    </div>
  );
}
