/** Lengths and areas on the ellipsoid of CGCS2000, for stretches of a county (tested against PostGIS geography). */

export type LonLat = readonly [lon: number, lat: number];

/** Semi-major axis in metres and flattening. Source: GB 22021-2008, the parameters of CGCS2000. */
const A = 6378137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const RAD = Math.PI / 180;

/** Radii of curvature at a latitude (radians), metres: along the meridian, and across it. */
function radii(lat: number): { along: number; across: number } {
  const w = 1 - E2 * Math.sin(lat) ** 2;
  return { along: (A * (1 - E2)) / w ** 1.5, across: A / Math.sqrt(w) };
}

/**
 * Metres between two positions.
 *
 * Source: the mid-latitude formula, as in 47 CFR § 73.208 (c) (good to a few metres in 475 km), with the radii above.
 */
export function distance(a: LonLat, b: LonLat): number {
  const middle = ((a[1] + b[1]) / 2) * RAD;
  const { along, across } = radii(middle);
  return Math.hypot((b[1] - a[1]) * RAD * along, (b[0] - a[0]) * RAD * across * Math.cos(middle));
}

export function length(line: readonly LonLat[]): number {
  return line.slice(1).reduce((sum, point, index) => sum + distance(line[index] as LonLat, point), 0);
}

/**
 * Square metres of a ring (its last point is joined to the first); where edges cross, parts of other turn count less.
 *
 * Source: C. F. F. Karney, Algorithms for geodesics (2013), section 6: the spherical excess between an edge and the
 * equator, with the two radii of curvature at the middle latitude in place of the sphere's.
 */
export function area(ring: readonly LonLat[]): number {
  const lats = ring.map(([, lat]) => lat);
  const { along, across } = radii(((Math.min(...lats) + Math.max(...lats)) / 2) * RAD);
  const excess = ring.reduce((sum, [lon, lat], index) => {
    const [nextLon, nextLat] = ring[(index + 1) % ring.length] as LonLat;
    const [a, b] = [Math.tan((lat * RAD) / 2), Math.tan((nextLat * RAD) / 2)];
    return sum + 2 * Math.atan((Math.tan(((nextLon - lon) * RAD) / 2) * (a + b)) / (1 + a * b));
  }, 0);
  return Math.abs(excess) * along * across;
}
