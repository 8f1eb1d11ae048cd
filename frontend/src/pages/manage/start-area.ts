/** Where the map of a new row starts: the village worked on last, else what the person answers for. */

import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import type { BBox } from '../../core/types';
import { shapeOf } from '../../map/shapes';

/** Digits of a place's code by level: 6 county, 9 township, 12 village, 15 grid. */
const TOWNSHIP_DIGITS = 9;
const VILLAGE_DIGITS = 12;
const KEY = 'manage-village';

const own = (): string[] => boot.me?.jurisdiction.map(({ code }) => code) ?? [];

/** Keeps on this device which village was worked on; the next new row is likely to lie there too. */
export function rememberVillage(code: string | null | undefined): void {
  if (!code) return;
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // storage is switched off: maps start at the jurisdiction
  }
}

/** The device may be shared: a village outside the jurisdiction was somebody else's. */
function lastVillage(): string | null {
  try {
    const code = localStorage.getItem(KEY);
    const areas = own();
    return code && (!areas.length || areas.some((area) => code.startsWith(area))) ? code : null;
  } catch {
    return null;
  }
}

async function bboxOf(code: string): Promise<BBox | null> {
  if (code.length < TOWNSHIP_DIGITS) return boot.facts?.bbox ?? null;
  const layer = code.length < VILLAGE_DIGITS ? 'townships' : 'villages';
  const { features } = await endpoints.feature(layer, code.slice(0, VILLAGE_DIGITS));
  const shape = features[0] && shapeOf(features[0]);
  return shape?.bbox ?? null;
}

const around = (a: BBox, b: BBox): BBox => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[2], b[2]),
  Math.max(a[3], b[3]),
];

/** [west, south, east, north] in degrees; null where nothing is known but the county. */
export async function startArea(): Promise<BBox | null> {
  const last = lastVillage();
  const found = await Promise.all((last ? [last] : own()).map((code) => bboxOf(code).catch(() => null)));
  return found.reduce((all, one) => (all && one ? around(all, one) : (all ?? one)), null);
}
