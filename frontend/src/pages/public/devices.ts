/**
 * Devices while their layer is on: their looks, their states as they change, and from near what they say, beside the
 * marks. Loaded when somebody turns the layer on.
 */

import { effect, untracked } from '@preact/signals';
import { type Watch, watch } from '../../core/live';
import '../../layers/devices';
import { number } from '../../core/format';
import type { BBox, FeedValue } from '../../core/types';
import { paintValues, type Said } from '../../map/later/values';
import { type Item, inside, padded } from '../../map/points';
import type { Scene } from '../../map/scene';
import { follow } from './live';
import { active, mapView, seen } from './store';

const LAYER = 'devices';
/** From this zoom values find room beside the marks. */
const FROM = 14;
const LONGEST = 10;
/** Units of UCUM that are written another way; beside a mark there is room for a sign, not for words. */
const SIGNS: Record<string, string> = { Cel: '℃', deg: '°', 'ug/m3': 'µg/m³', 'm3/h': 'm³/h', '[pH]': '' };
const TOKENS: Record<string, string> = { critical: 't-late', warning: 't-soon' };

const values = new Map<string, FeedValue>();
let watched: Watch | undefined;

function said({ id, layer, status }: Item): Said | undefined {
  const found = layer === LAYER && id ? values.get(id) : undefined;
  if (!found) return undefined;
  const { value, unit, quality } = found;
  const text = typeof value === 'number' ? `${number(value)} ${SIGNS[unit] ?? unit}`.trim() : String(value);
  const isFaded = status === 'offline' || quality > 0;
  return { text: text.slice(0, LONGEST), isFaded, token: TOKENS[status ?? ''] ?? 'ink' };
}

const write: Scene['beside'] = (pen, hits, palette, names) => paintValues(pen, hits, palette, names, said);

function hear(told: FeedValue[]): void {
  for (const one of told) values.set(String(one.id), one);
  mapView.peek()?.setBeside(watched ? write : null);
}

/** Where values are shown now; null from afar, and where the layer is off. */
function shownIn(): BBox | null {
  const box = seen.value;
  return active.value.includes(LAYER) && box && (mapView.value?.zoom ?? 0) >= FROM ? box : null;
}

effect(() => {
  const box = shownIn();
  // A map that is moved a little keeps its stream.
  if (box ? watched && inside(box, watched.bbox) : !watched) return;
  untracked(() => {
    values.clear();
    watched = box ? { feed: LAYER, bbox: padded(box), path: '/api/devices/latest', hear } : undefined;
    watch(watched);
    hear([]);
  });
});

follow(LAYER);
