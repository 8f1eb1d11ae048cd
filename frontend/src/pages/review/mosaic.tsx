/** A scene in place of a small picture: the tiles that lie under its box. */

import type { BBox } from '../../core/types';
import { DEEPEST, sideOf } from './api';
import type { SceneBrief } from './types';

/** Tiles of 256 pixels across a box at most, none cut: as sharp as a small picture is. */
const ACROSS = 3;
/** Tiles are drawn larger by so much, so that no line is seen between two. */
const SEAM = 1.004;

interface Tile {
  href: string;
  /** Degrees east and south of the north-western corner of the box. */
  x: number;
  y: number;
  width: number;
  height: number;
}

function tilesUnder(scene: SceneBrief, [west, south, east, north]: BBox): Tile[] {
  const zoom = Math.min(DEEPEST, Math.floor(Math.log2((360 * ACROSS) / (east - west))));
  const all = 2 ** zoom;
  // The grid of the web (EPSG:3857): columns from 180° W, rows from the north.
  const column = (lon: number) => Math.floor((lon / 360 + 0.5) * all);
  const row = (lat: number) => Math.floor((0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * all);
  const edge = (y: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / all))) * 180) / Math.PI;
  const address = sideOf(scene, '').tiles.replace('{z}', String(zoom));
  const found: Tile[] = [];
  for (let x = column(west); x <= column(east); x++) {
    for (let y = row(north); y <= row(south); y++) {
      found.push({
        href: address.replace('{x}', String(x)).replace('{y}', String(y)),
        x: (x / all - 0.5) * 360 - west,
        y: north - edge(y),
        width: (360 / all) * SEAM,
        height: (edge(y) - edge(y + 1)) * SEAM,
      });
    }
  }
  return found;
}

/** Part of a drawing in degrees from the corner of `box`, those of longitude as wide as `squeeze` of latitude. */
export function Mosaic({ scene, box, squeeze }: { scene: SceneBrief; box: BBox; squeeze: number }) {
  return (
    <svg aria-hidden="true">
      {tilesUnder(scene, box).map(({ href, x, y, width, height }) => (
        <image
          key={href}
          href={href}
          x={x * squeeze}
          y={y}
          width={width * squeeze}
          height={height}
          preserveAspectRatio="none"
        />
      ))}
    </svg>
  );
}
