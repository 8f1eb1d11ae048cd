/** Order and search of rows that are here; the server's own order is by number, or worst first. */

import { computed, effect, signal } from '@preact/signals';
import { boot } from '../../../core/boot';
import { endpoints } from '../../../core/endpoints';
import { statusLook } from '../../../core/icons/marks';
import type { Feature, LayerInfo } from '../../../core/types';
import { listed } from '../../../core/url';
import { nameOf, pointStyle } from '../../../layers/styles';
import { mapView, seen } from '../store';
import { layer, rows } from './asking';

/** Rows drawn at first, and with each "more". */
export const STEP = 50;
const SEARCH_MOST = 50;
const WAIT_MS = 200;

export const needle = signal('');
export const shown = signal(STEP);
/** Rows that the server's search found for `needle`: it knows pinyin and initials. */
const found = signal<{ needle: string; ids: Set<string> }>({ needle: '', ids: new Set() });

export const looksAs = (info: LayerInfo, { properties }: Feature) =>
  info.style_by ? String(properties[info.style_by] ?? '') : '';

/** Orders there are for a layer, its own first. */
export function sortsOf(info: LayerInfo): string[] {
  const rated = info.legend.some(({ when }) => pointStyle(info.key).status(when));
  const dated = info.fields.some(({ name }) => name === 'updated_at');
  return [...(rated ? ['worst', 'near'] : ['near']), 'name', ...(dated ? ['new'] : [])];
}

export const sort = computed(() => {
  const sorts = layer.value ? sortsOf(layer.value) : [];
  return sorts.includes(listed.by.value) ? listed.by.value : (sorts[0] ?? '');
});

/** Metres from the middle of the map, on a plane: near enough inside a county. */
export function away({ geometry }: Feature): number {
  const middle = mapView.peek()?.middle();
  const [lon = 0, lat = 0] = (geometry?.coordinates ?? []) as number[];
  if (!middle) return 0;
  const degree = 111320;
  return Math.hypot((lon - middle.lon) * Math.cos((lat * Math.PI) / 180) * degree, (lat - middle.lat) * degree);
}

const names = new Intl.Collator(boot.lang === 'en' ? 'en' : 'zh');
const behind = ({ properties: { actual, planned } }: Feature) =>
  typeof actual === 'number' && typeof planned === 'number' ? actual - planned : 0;

const ORDERS: Record<string, (info: LayerInfo) => (a: Feature, b: Feature) => number> = {
  worst: (info) => {
    const weight = (row: Feature) =>
      statusLook(pointStyle(info.key).status(looksAs(info, row), row.properties) ?? '').weight;
    return (a, b) => weight(b) - weight(a) || behind(a) - behind(b);
  },
  name: () => (a, b) => names.compare(nameOf(a.properties), nameOf(b.properties)),
  near: () => (a, b) => away(a) - away(b),
  new: () => (a, b) => String(b.properties.updated_at).localeCompare(String(a.properties.updated_at)),
};

const SEARCHED = [
  'name',
  'name_en',
  'title',
  'number',
  'code',
  'village_name',
  'village_name_en',
  'township_name',
  'village',
  'address',
];

function has({ id, properties }: Feature, text: string): boolean {
  if (found.value.needle === text && found.value.ids.has(String(id))) return true;
  return SEARCHED.some((name) =>
    String(properties[name] ?? '')
      .toLowerCase()
      .includes(text),
  );
}

/** Rows that are here, in order, and of these the ones that were searched for. */
export const ordered = computed<Feature[]>(() => {
  const { data } = rows.state.value;
  const info = layer.value;
  if (!data || !info) return [];
  if (sort.value === 'near') void seen.value;
  const by = data.cursor ? undefined : ORDERS[sort.value]?.(info);
  const all = by ? [...data.features].sort(by) : data.features;
  const text = needle.value.trim().toLowerCase();
  return text ? all.filter((row) => has(row, text)) : all;
});

/** Letters may be pinyin: the server's search is asked which rows they mean. */
effect(() => {
  const text = needle.value.trim().toLowerCase();
  const key = layer.value?.key;
  if (!/^[a-z]{2,}/.test(text)) return;
  const timer = setTimeout(async () => {
    const { lon, lat } = mapView.peek()?.middle() ?? { lon: 0, lat: 0 };
    const answer = await endpoints.search(text, lon, lat, undefined, SEARCH_MOST).catch(() => null);
    const ids = answer?.results.filter((result) => result.key === key).map(({ id }) => id) ?? [];
    found.value = { needle: text, ids: new Set(ids) };
  }, WAIT_MS);
  return () => clearTimeout(timer);
});
