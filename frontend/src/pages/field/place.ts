/** Where the device is, how far that is from a point, and where its camera looks. */

import { computed, signal } from '@preact/signals';
import { boot } from '../../core/boot';
import { distance, type LonLat } from '../../map/later/geodesy';
import type { Card, Fix } from './types';

/** From here on somebody was not at the point (imagery.services.checks). */
export const FAR_M = 200;

/** A position less exact than this is none (imagery.services.checks takes none worse). */
const WORST_M = 99_999;

export const fix = signal<Fix | null>(null);
/** The reader or the browser said no; else the device is still looking. */
export const isRefused = signal(false);

/** So inexact that nobody can say whether somebody was at the point. */
export const isVague = ({ accuracy }: Fix): boolean => accuracy > FAR_M;
/** Where the camera looks, degrees clockwise from north; null where the device does not say. */
export const heading = signal<number | null>(null);

/** Follows the device; asking begins when somebody opens the page, which is for places. */
export function follow(): void {
  if (!navigator.geolocation) {
    isRefused.value = true;
    return;
  }
  navigator.geolocation.watchPosition(
    ({ coords: { longitude: lon, latitude: lat, accuracy } }) => {
      isRefused.value = false;
      fix.value = accuracy > WORST_M ? null : { lon, lat, accuracy: Math.round(accuracy) };
    },
    ({ code, PERMISSION_DENIED }) => {
      isRefused.value = code === PERMISSION_DENIED;
    },
    { enableHighAccuracy: true, maximumAge: 5_000 },
  );
}

/** Township and village, as the reader's language writes them. */
export const placeOf = ({ township_name, village_name }: Card): string =>
  [township_name, village_name].filter(Boolean).join(boot.lang === 'en' ? ' ' : '');

export const ringsOf = ({ geom }: Card): LonLat[][] => (geom as { coordinates: LonLat[][] }).coordinates;

const DEGREE_M = 111_320;

/** Metres on a plane around `at`, good to centimetres over the few hundred metres that matter. */
const plane = (at: LonLat) => {
  const across = DEGREE_M * Math.cos((at[1] * Math.PI) / 180);
  return ([lon, lat]: LonLat): LonLat => [(lon - at[0]) * across, (lat - at[1]) * DEGREE_M];
};

/** How far the origin is from an edge. */
function fromEdge([ax, ay]: LonLat, [bx, by]: LonLat): number {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + share * dx, ay + share * dy);
}

/** Whether a ray from the origin to the east crosses an edge. */
const crosses = ([ax, ay]: LonLat, [bx, by]: LonLat) => ay > 0 !== by > 0 && ax - (ay * (bx - ax)) / (by - ay) > 0;

/** Metres from a position to the outline of a point; 0 inside. */
export function awayFrom(card: Card, { lon, lat }: Fix): number {
  const to = plane([lon, lat]);
  const edges = ringsOf(card).flatMap((ring) => {
    const corners = ring.map(to);
    return corners.slice(1).map((corner, index) => [corners[index] as LonLat, corner] as const);
  });
  const isInside = edges.filter(([a, b]) => crosses(a, b)).length % 2 === 1;
  return isInside ? 0 : Math.min(...edges.map(([a, b]) => fromEdge(a, b)));
}

/** Metres to the middle of a point; null without a position. */
export function far({ lonlat: [lon = 0, lat = 0] }: Card): number | null {
  const here = fix.value;
  return here && distance([here.lon, here.lat], [lon, lat]);
}

/** Only as exact as the list needs it: it is not sorted anew with every step. */
export const about = computed(() => {
  const here = fix.value;
  return here && { lon: Math.round(here.lon * 500) / 500, lat: Math.round(here.lat * 500) / 500 };
});

type Oriented = DeviceOrientationEvent & { webkitCompassHeading?: number };
const RAD = Math.PI / 180;

/**
 * Where the back of the device looks.
 *
 * Source: W3C Device Orientation, "Calculating compass heading": the rotated axis that points out of the back of the
 * screen, on the ground.
 */
export function facing(alpha: number, beta: number, gamma: number): number {
  const [a, b, g] = [alpha * RAD, beta * RAD, gamma * RAD];
  const east = -Math.cos(a) * Math.sin(g) - Math.sin(a) * Math.sin(b) * Math.cos(g);
  const north = -Math.sin(a) * Math.sin(g) + Math.cos(a) * Math.sin(b) * Math.cos(g);
  return (Math.atan2(east, north) / RAD + 360) % 360;
}

function turned(event: Event): void {
  const { alpha, beta, gamma, absolute, webkitCompassHeading: ios } = event as Oriented;
  if (ios !== undefined) heading.value = ios;
  else if (absolute && alpha !== null) heading.value = facing(alpha, beta ?? 0, gamma ?? 0);
}

let isListening = false;

/** Asked for with the press that opens the camera: some devices allow it only then. */
export async function askHeading(): Promise<void> {
  if (isListening || typeof DeviceOrientationEvent === 'undefined') return;
  const { requestPermission } = DeviceOrientationEvent as { requestPermission?: () => Promise<string> };
  if (requestPermission && (await requestPermission().catch(() => 'denied')) !== 'granted') return;
  isListening = true;
  for (const name of ['deviceorientationabsolute', 'deviceorientation']) addEventListener(name, turned);
}
