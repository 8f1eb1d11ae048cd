/** What devices say, beside their marks on a map that is near enough, as it changes. */

import { effect, signal, untracked } from '@preact/signals';
import { number } from '../core/format';
import { type Watch, watch } from '../core/live';
import type { BBox, FeedValue } from '../core/types';
import { paintValues, type Said } from '../map/later/values';
import { type Item, inside, padded } from '../map/points';
import type { Scene } from '../map/scene';
import type { MapView } from '../map/view';

export const LAYER = 'devices';
/** From this zoom values find room beside the marks. */
const FROM = 14;
const LONGEST = 10;
/** Units of UCUM that are written another way; beside a mark there is room for a sign, not for words. */
const SIGNS: Record<string, string> = { Cel: '℃', deg: '°', 'ug/m3': 'µg/m³', 'm3/h': 'm³/h', '[pH]': '' };
const TOKENS: Record<string, string> = { critical: 't-late', warning: 't-soon' };

/** The devices that have just said something. */
export const heard = signal<ReadonlySet<string>>(new Set());

const values = new Map<string, FeedValue>();
let watched: Watch | undefined;

function said({ id, layer, status }: Item): Said | undefined {
  const found = layer === LAYER && id ? values.get(id) : undefined;
  if (!found) return undefined;
  const { value, unit, quality } = found;
  const text = typeof value === 'number' ? `${number(value)} ${SIGNS[unit] ?? unit}`.trim() : String(value);
  const isFaded = status === 'offline' || quality > 0;
  const token = TOKENS[status ?? ''];
  return { text: text.slice(0, LONGEST), isFaded, isWrong: !!token, token: token ?? 'ink' };
}

const write: Scene['beside'] = (pen, hits, palette, names) => paintValues(pen, hits, palette, names, said);

/** Follows a map: `seen` is the box it shows, null while it shows no devices. Once for a page. */
export function followValues(map: () => MapView | null, seen: () => BBox | null): void {
  const hear = (told: FeedValue[]) => {
    for (const one of told) values.set(String(one.id), one);
    untracked(map)?.setBeside(watched ? write : null);
    if (told.length) heard.value = new Set(told.map(({ id }) => String(id)));
  };
  effect(() => {
    const all = seen();
    const box = (map()?.zoom ?? 0) >= FROM ? all : null;
    // A map that is moved a little keeps its stream.
    if (box ? watched && inside(box, watched.bbox) : !watched) return;
    untracked(() => {
      values.clear();
      watched = box ? { feed: LAYER, bbox: padded(box), path: '/api/devices/latest', hear } : undefined;
      watch(watched);
      hear([]);
    });
  });
}
