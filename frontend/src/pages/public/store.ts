/** What the whole page knows: the county, its layers, and which of them are on. */

import { computed, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Query } from '../../core/api';
import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import { t } from '../../core/i18n';
import { loader } from '../../core/load';
import type { BaseMapInfo, BBox, County, LayerInfo, Overview } from '../../core/types';
import { say } from '../../core/ui/toast';
import { chosenLayers, filters, ground, months, setLayers } from '../../core/url';
import type { MapView } from '../../map/view';
import type { Detent } from '../../panel/Sheet';

export const county = loader<County>((_, signal) => endpoints.county(signal));
export const layers = loader<LayerInfo[]>(async (_, signal) => (await endpoints.layers(signal)).layers);
export const overview = loader<Overview>((_, signal) => endpoints.overview(signal));

export const mapView = signal<MapView | null>(null);
/** What the map shows; null before it is there. */
export const seen = signal<BBox | null>(null);
/** The row under the mouse, on the map. */
export const pointed = signal<{ layer: string; id?: string } | null>(null);
export const homeDetent = signal<Detent>('peek');
export const panelDetent = signal<Detent>('half');
/** What an act of the reader puts below the page or over its map: a bar. */
export const below = signal<ComponentType | null>(null);
export const layersOpen = signal(false);
/** Wide pages: the layer card is rolled up to its title. */
export const cardRolled = signal(false);

/** The base map the address asks for; ours where it asks for none, or for one that is not offered here. */
export const baseMap = computed<BaseMapInfo | undefined>(() => {
  const offered = county.state.value.data?.base_maps ?? [];
  return offered.find(({ key }) => key === ground.value) ?? offered[0];
});

/** Rows before areas, and what is on at first before what is not. */
const rank = ({ geometry, default_on: on }: LayerInfo) => (geometry === 'point' ? 2 : 0) + (on ? 1 : 0);

export const catalogue = computed<LayerInfo[]>(() =>
  [...(layers.state.value.data ?? [])].sort((a, b) => rank(b) - rank(a) || b.order - a.order),
);

/** Keys of the layers that are on: the reader's choice, or the catalogue's. */
export const active = computed<string[]>(() => {
  const known = catalogue.value;
  const chosen = chosenLayers.value;
  return known.filter((layer) => chosen?.includes(layer.key) ?? layer.default_on).map(({ key }) => key);
});

/** What each layer is asked for: the address's filters, and its months where the layer has a time. */
export const asked = computed<Record<string, Query>>(() =>
  Object.fromEntries(catalogue.value.map((layer) => [layer.key, askedOf(layer)])),
);

function askedOf({ key, fields, time }: LayerInfo): Query {
  const query: Query = {};
  for (const [name, values] of Object.entries(filters.value[key] ?? {})) {
    // What the layer cannot be asked for is left out: a link from another version still opens.
    if (fields.some((field) => field.name === name && field.filter)) query[name] = values.join(',');
  }
  if (time && months.value) query.datetime = `${months.value.from}-01/${lastDay(months.value.to)}`;
  return query;
}

/** Whether the map shows less than there is, or the address asks for what the layers do not have. */
export const filtering = computed(() => Boolean(months.value) || Object.keys(filters.value).length > 0);
/** Rows that filters and months leave of a layer; told by the note about them. */
export const remaining = signal<Record<string, number>>({});

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
}

export function toggleLayer(key: string): void {
  const now = active.value;
  setLayers(now.includes(key) ? now.filter((other) => other !== key) : [...now, key]);
}

export function layerOf(key: string): LayerInfo | undefined {
  return catalogue.value.find((layer) => layer.key === key);
}

/** A link may name layers this server does not have: said once, never an error. */
export function sayUnknownLayers(): void {
  const known = catalogue.value;
  const unknown = (chosenLayers.value ?? []).filter((key) => !known.some((layer) => layer.key === key));
  if (known.length && unknown.length) say(t.unknownLayers(unknown.join(', ')));
}

/** Asks for everything the first screen needs at once. */
export async function start(): Promise<void> {
  if (boot.facts) county.give(boot.county, boot.facts);
  const facts = boot.facts ? Promise.resolve() : county.load(boot.county);
  await Promise.all([facts, overview.load(boot.county), layers.load(boot.county)]);
}

/** The network is back: whatever failed is asked for again, without anybody pressing anything. */
export function again(): void {
  for (const each of [county, layers, overview]) {
    if (each.state.value.phase === 'error') void each.again();
  }
  mapView.value?.again();
}
