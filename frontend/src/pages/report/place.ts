/** Where the report is: what the middle of the map means, and what a search or the address brings there. */

import { computed, signal } from '@preact/signals';
import { ApiError, isAbort } from '../../core/api';
import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import { named } from '../../core/format';
import { position } from '../../core/media';
import type { PlaceAt, SearchResult } from '../../core/types';
import { say } from '../../core/ui/toast';
import { isSecure } from '../../core/url';
import { shapeOf } from '../../map/shapes';
import type { MapView } from '../../map/view';
import { draft, edit } from './draft';
import type { Asset, Spot } from './store';
import { r } from './words';

export const view = signal<MapView | null>(null);
export const zoom = signal(0);
/** From farther away the pin covers half a village: nobody can mean that. */
export const isFar = computed(() => zoom.value < 14);

interface Candidate {
  lon: number;
  lat: number;
  accuracy?: number;
  asset?: Asset;
}

/** What "the middle of the map" would take; null before there is a map. */
export const candidate = signal<Candidate | null>(null);
/** Names of the place there. */
export const around = signal<{ state: 'asking' | 'known' | 'outside' | 'unknown'; village: string; township: string }>({
  state: 'asking',
  village: '',
  township: '',
});
export const isOutside = computed(() => around.value.state === 'outside');

const ASK_AFTER_MS = 250;
/** Degrees; the map goes to whole pixels, a candidate keeps its own decimals. */
const SAME = 0.00002;
const NEAR_ZOOM = 16;

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

const nameOf = (line: { name: string; name_en?: string } | undefined) => (line ? named({ ...line }, 'name') : '');

function told({ place, ancestors }: PlaceAt): void {
  const lines = [place, ...ancestors];
  const of = (level: string) => nameOf(lines.find((line) => line.level === level));
  around.value = { state: 'known', village: of('village'), township: of('township') };
}

async function ask(lon: number, lat: number): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  try {
    told(await endpoints.placeAt(lon, lat, asking.signal));
  } catch (error) {
    if (isAbort(error)) return;
    const outside = error instanceof ApiError && error.status === 404;
    around.value = { state: outside ? 'outside' : 'unknown', village: '', township: '' };
  }
}

function consider(next: Candidate): void {
  candidate.value = next;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(next.lon, next.lat), ASK_AFTER_MS);
}

/** The map was moved, by a hand or by us. */
export function mapMoved(): void {
  const at = view.value?.middle();
  const now = candidate.value;
  if (!at || (now && Math.abs(now.lon - at.lon) < SAME && Math.abs(now.lat - at.lat) < SAME)) return;
  around.value = { state: 'asking', village: '', township: '' };
  consider(at);
}

/** Brings a position under the pin. */
export function goTo(next: Candidate, least = NEAR_ZOOM): void {
  consider(next);
  view.value?.goTo(next.lon, next.lat, least);
}

/** Takes what is under the pin as the place of the report; from too far away it goes nearer first. */
export function takeMiddle(): boolean {
  const at = candidate.value;
  if (!at || isOutside.value) return false;
  if (isFar.value) {
    view.value?.goTo(at.lon, at.lat, NEAR_ZOOM);
    return false;
  }
  keepSpot(at);
  return true;
}

function keepSpot(at: Candidate): void {
  const { village, township } = around.value;
  const spot: Spot = { lon: at.lon, lat: at.lat, village, township };
  if (at.accuracy !== undefined) spot.accuracy = at.accuracy;
  if (at.asset) spot.asset = at.asset;
  edit({ spot });
}

/** Takes a position that is not under the pin as the place of the report; false where it lies outside the county. */
export async function takePosition(at: Candidate): Promise<boolean> {
  goTo(at, 17);
  clearTimeout(timer);
  await ask(at.lon, at.lat);
  if (isOutside.value) {
    const { spot } = draft.value;
    if (spot) goTo(spot);
    return false;
  }
  keepSpot(at);
  return true;
}

export function locate(): void {
  if (!isSecure() || !navigator.geolocation) {
    say(r.locateInsecure);
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords: { longitude: lon, latitude: lat, accuracy } }) => {
      position.value = { lon, lat };
      goTo({ lon, lat, accuracy }, 17);
    },
    () => say(r.locateOff),
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  );
}

/** What the search found: a place is gone to, a facility becomes what the report is about. */
export function choose({ kind, key, id, title, lon, lat, bbox }: SearchResult): void {
  if (lon === null || lat === null) return;
  if (kind !== 'place') {
    goTo({ lon, lat, asset: { layer: key, id, name: title } }, 17);
    return;
  }
  consider({ lon, lat });
  if (bbox && id.length < 12) view.value?.fit(bbox);
  else view.value?.goTo(lon, lat, NEAR_ZOOM);
}

async function toVillage(code: string): Promise<void> {
  const { features } = await endpoints.feature('villages', code);
  const shape = features[0] && shapeOf(features[0]);
  if (shape) view.value?.fit(shape.bbox);
}

async function toAsset(layer: string, id: string): Promise<void> {
  const { geometry, properties } = await endpoints.item(layer, id);
  if (geometry?.type !== 'Point') return;
  const [lon = 0, lat = 0] = geometry.coordinates;
  goTo({ lon, lat, asset: { layer, id, name: named(properties, 'name') } }, 17);
}

/** `?at=lon,lat`, `?asset=facilities:12`, `?village=990521003007`: where the person came from. */
export async function start(asked: { at: string; asset: string; village: string }): Promise<void> {
  const from = Object.values(asked).join(' ').trim();
  const { spot } = draft.value;
  if (spot && (!from || draft.value.from === from)) {
    const { village, township } = spot;
    candidate.value = spot;
    around.value = { state: village || township ? 'known' : 'unknown', village, township };
    view.value?.goTo(spot.lon, spot.lat, NEAR_ZOOM);
    return;
  }
  if (from) edit({ from, spot: null });
  const [lon, lat] = asked.at.split(',').map(Number);
  const [layer = '', id = ''] = asked.asset.split(':');
  try {
    if (layer && id) await toAsset(layer, id);
    else if (asked.village) await toVillage(asked.village);
    else if (Number.isFinite(lon) && Number.isFinite(lat)) goTo({ lon: lon as number, lat: lat as number });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the map stays where it is: the person moves it
  }
  mapMoved();
}

/** "石桥镇荷塘村"; where nothing is known, the position. */
export function placeName(
  spot: { lon: number; lat: number; village: string; township: string } | null | undefined,
): string {
  if (!spot) return '';
  const name = boot.lang === 'en' ? [spot.village, spot.township] : [spot.township, spot.village];
  return name.filter(Boolean).join(boot.lang === 'en' ? ', ' : '') || `${spot.lat.toFixed(5)}, ${spot.lon.toFixed(5)}`;
}
