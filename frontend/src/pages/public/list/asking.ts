/** What the list asks for: its layer, its part of the map, and what the server answered. */

import { computed, signal } from '@preact/signals';
import type { Query } from '../../../core/api';
import { endpoints } from '../../../core/endpoints';
import { loader } from '../../../core/load';
import type { BBox, Counts, Feature, LayerInfo } from '../../../core/types';
import { listed } from '../../../core/url';
import { active, asked, catalogue, seen } from '../store';

/** Rows of one request: a county's works fit into one, so that they can be put in order here. */
export const FETCHED = 200;
/** How far the map must move, as a share of what it shows, to be somewhere else. */
const MOVED = 0.004;

export interface Rows {
  features: Feature[];
  /** Where the server goes on; null when these are all. */
  cursor: string | null;
}

interface Wanted {
  layer: string;
  sort?: string;
  bbox: BBox | null;
  query: Query;
}

/** Layers that can be listed: those of points that are on. */
export const choices = computed<LayerInfo[]>(() =>
  catalogue.value.filter(({ key, geometry }) => geometry === 'point' && active.value.includes(key)),
);

export const layer = computed<LayerInfo | undefined>(
  () => choices.value.find(({ key }) => key === listed.of.value) ?? choices.value[0],
);

export const wholeCounty = computed(() => listed.in.value === 'county');

/** The part of the map the rows belong to; kept while the map moves by less than a pixel or two. */
export const box = signal<BBox | null>(null);

export function follow(): void {
  const next = seen.value;
  const now = box.peek();
  const least = now ? (now[2] - now[0]) * MOVED : 0;
  if (!next || !now || next.some((edge, index) => Math.abs(edge - (now[index] ?? 0)) > least)) box.value = next;
}

/** What rows, and what numbers, are to be loaded; empty until the map is there. */
export const wanted = computed(() => {
  const info = layer.value;
  const bbox = wholeCounty.value ? null : box.value;
  if (!info || !(bbox || wholeCounty.value)) return null;
  const query = asked.value[info.key] ?? {};
  const without = (field: string) => JSON.stringify({ layer: info.key, bbox, query: { ...query, [field]: undefined } });
  return {
    rows: JSON.stringify({ layer: info.key, bbox, query, sort: info.worst_first ? 'worst' : undefined }),
    states: without(info.style_by ?? ''),
    townships: without('township'),
  };
});

async function fetchRows(
  { layer, bbox, query, sort }: Wanted,
  cursor: string | undefined,
  signal: AbortSignal | undefined,
) {
  const { features, next } = await endpoints.features(layer, bbox, FETCHED, { ...query, sort, cursor }, signal);
  return { features, cursor: next && new URLSearchParams(next.split('?')[1]).get('cursor') };
}

export const rows = loader<Rows>((key, signal) => fetchRows(JSON.parse(key) as Wanted, undefined, signal));

/** The rows behind those that are here. */
export async function fetchMore(): Promise<void> {
  const { key, data } = rows.state.value;
  if (!data?.cursor) return;
  const more = await fetchRows(JSON.parse(key) as Wanted, data.cursor, undefined);
  if (rows.state.value.key === key) rows.give(key, { ...more, features: [...data.features, ...more.features] });
}

/** How many rows there are by the layer's style field, as if it were not filtered by. One cell of zoom 0 holds all. */
export const states = loader<Record<string, number>>(async (key, signal) => {
  const { layer, bbox, query } = JSON.parse(key) as Wanted;
  const { clusters } = await endpoints.clusters(layer, bbox, 0, query, signal);
  const sum: Record<string, number> = {};
  for (const { by } of clusters) for (const [value, n] of Object.entries(by)) sum[value] = (sum[value] ?? 0) + n;
  return sum;
});

/** How many rows each township has, as if it were not filtered by. */
export const townships = loader<Counts['counts']>(async (key, signal) => {
  const { layer, bbox, query } = JSON.parse(key) as Wanted;
  return (await endpoints.counts(layer, 'township', { ...query, bbox: bbox?.join(',') }, signal)).counts;
});

/** Rows that there are, loaded or not; null while that is not known. */
export const total = computed<number | null>(() => {
  const { data, key } = rows.state.value;
  if (key === wanted.value?.rows && data && !data.cursor) return data.features.length;
  const info = layer.value;
  const by = states.state.value.data;
  if (!by || states.state.value.key !== wanted.value?.states) return null;
  const only = String(asked.value[info?.key ?? '']?.[info?.style_by ?? ''] ?? '');
  const values = only ? only.split(',') : Object.keys(by);
  return values.reduce((sum, value) => sum + (by[value] ?? 0), 0);
});
