/** The shape and the spot of what is selected, and where the map should look because of it. */

import { effect, signal } from '@preact/signals';
import { endpoints } from '../../core/endpoints';
import { named } from '../../core/format';
import type { BBox, Feature } from '../../core/types';
import { isTravelling, type Selection, selection, view } from '../../core/url';
import { idOf, pointStyle, ruleFor } from '../../layers/styles';
import type { Spot } from '../../map/scene';
import { type Shape, shapeOf } from '../../map/shapes';
import { layerOf } from './store';

/** `name` is the one on the base map, `title` in the reader's language. */
export const shapeOfSelection = signal<{ shape: Shape; name: string; title: string } | null>(null);
export const spot = signal<Spot | null>(null);
/** Set when the reader opened something: the map brings it into view. An address with a view is not moved. */
export const focusOn = signal<{ bbox: BBox } | { lon: number; lat: number; least: number } | null>(null);

const PLACES: Record<string, string> = { village: 'villages', township: 'townships' };
export const isPlace = (kind: string): boolean => kind in PLACES;

/** Whether the address named a view at start: then the first selection leaves the map where it is. */
let held = false;
export function holdView(): void {
  held = true;
}

async function loadShape(wanted: Selection): Promise<void> {
  const key = PLACES[wanted.kind];
  if (!key) return;
  const still = () => selection.value === wanted;
  const answer = await endpoints.feature(key, wanted.id).catch(() => null);
  const feature = answer?.features.find(({ properties, id }) => String(properties.code ?? id) === wanted.id);
  const shape = feature && shapeOf(feature);
  if (!feature || !shape || !still()) return;
  const { properties } = feature;
  shapeOfSelection.value = { shape, name: String(properties.name ?? ''), title: named(properties, 'name') };
  look({ bbox: shape.bbox });
}

function look(target: NonNullable<typeof focusOn.value>): void {
  if (!held) focusOn.value = target;
  held = false;
}

/** Called when a row's panel has arrived: draws the row even where its layer is off, and brings it into view. */
export function showRow(kind: string, feature: Feature): void {
  const found = spotOf(kind, feature);
  if (!found) return;
  spot.value = found;
  // From the list the map keeps its scale, so that the list it belongs to stays what it was.
  look({ lon: found.lon, lat: found.lat, least: view.value ? 0 : 14 });
}

/** A row as the map draws it. */
export function spotOf(kind: string, { id, geometry, properties }: Feature): Spot | null {
  if (geometry?.type !== 'Point') return null;
  const [lon = 0, lat = 0] = geometry.coordinates;
  const layer = layerOf(kind);
  const style = pointStyle(kind);
  const value = layer?.style_by ? properties[layer.style_by] : '';
  const rule = layer && ruleFor(layer, value);
  return {
    layer: kind,
    id: idOf({ id, properties }),
    lon,
    lat,
    icon: style.icon(properties, rule),
    status: style.status(String(value), properties),
  };
}

effect(() => {
  const now = selection.value;
  shapeOfSelection.value = null;
  if (isTravelling()) held = now !== null;
  if (!now || isPlace(now.kind)) spot.value = null;
  if (now) void loadShape(now);
});
