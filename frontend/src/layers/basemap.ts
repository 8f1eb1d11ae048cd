/**
 * How one tile of the base map is drawn. Order from below: land, relief, fields, houses' ground, water, village
 * lines, roads from small to large, rail, houses, the veil outside the county, township dashes, county line.
 */

import type { Palette } from './palette';

/** Units along the side of a decoded tile. */
export const TILE_EXTENT = 4096;

export interface TileFeature {
  type: 'point' | 'line' | 'polygon';
  properties: Record<string, string | number | boolean>;
  /** Lines, rings or points, in units of a tile of 4096. */
  lines: { x: number; y: number }[][];
}

/** Decoded once, drawn many times: every pass over a layer picks from the same features. */
export type TileLayers = Record<string, TileFeature[]>;

export interface Frame {
  ctx: CanvasRenderingContext2D;
  layers: TileLayers;
  palette: Palette;
  /** Zoom of the map, which may be deeper than the tile's. */
  zoom: number;
  /** Pixels per unit of a tile of extent 4096. */
  unit: number;
  /** The part of the tile that is seen, in pixels of the whole tile. */
  view: { x: number; y: number; size: number };
  villages: boolean;
  townships: boolean;
}

type Pick = (properties: TileFeature['properties']) => boolean;

const FIELDS_FROM = 13;
const HOUSES_FROM = 14;
const PATHS_FROM = 14;

/** Lines grow slowly with the zoom: 1 at county scale, about 2 where houses can be told apart. */
const grow = (zoom: number) => 2 ** (Math.max(-1.5, zoom - 11) * 0.21);

function trace({ ctx, layers, unit }: Frame, name: string, pick?: Pick): boolean {
  const features = layers[name]?.filter(({ properties }) => !pick || pick(properties));
  if (!features?.length) return false;
  ctx.beginPath();
  for (const { type, lines } of features) {
    for (const line of lines) {
      line.forEach(({ x, y }, at) => {
        if (at) ctx.lineTo(x * unit, y * unit);
        else ctx.moveTo(x * unit, y * unit);
      });
      if (type === 'polygon') ctx.closePath();
    }
  }
  return true;
}

function fill(frame: Frame, name: string, token: string, pick?: Pick): void {
  if (!trace(frame, name, pick)) return;
  frame.ctx.fillStyle = frame.palette.get(token);
  frame.ctx.fill();
}

function edge(frame: Frame, token: string, width: number, dash: number[] = []): void {
  const { ctx } = frame;
  ctx.strokeStyle = frame.palette.get(token);
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
}

function ground(frame: Frame): void {
  const { ctx, palette, view } = frame;
  ctx.fillStyle = palette.get('map-out');
  ctx.fillRect(view.x, view.y, view.size, view.size);
  fill(frame, 'land', 'map-land');
  for (const level of [1, 2, 3, 4]) fill(frame, 'relief', `map-h${level}`, (p) => p.level === level);
  if (frame.zoom >= FIELDS_FROM) {
    const tokens = ['map-field', 'map-field-2', 'map-field-3', 'map-field'];
    tokens.forEach((token, variant) => {
      fill(frame, 'field', token, (p) => p.variant === variant);
    });
  }
  fill(frame, 'built', 'map-built');
}

function water(frame: Frame): void {
  const k = grow(frame.zoom);
  for (const width of [1, 2, 3]) {
    if (!trace(frame, 'river', (p) => p.width === width)) continue;
    edge(frame, 'map-water-edge', (1.2 + width * 1.3) * k);
    edge(frame, 'map-water', (0.5 + width * 1.2) * k);
  }
  if (trace(frame, 'water')) {
    frame.ctx.fillStyle = frame.palette.get('map-water');
    frame.ctx.fill();
    edge(frame, 'map-water-edge', 1);
  }
}

const ROADS: { cls: string; from: number; edge: number; road: number; main?: boolean }[] = [
  { cls: 'path', from: PATHS_FROM, edge: 2, road: 1.1 },
  { cls: 'minor', from: 10, edge: 2.4, road: 1.3 },
  { cls: 'secondary', from: 8, edge: 3.6, road: 2.2 },
  { cls: 'main', from: 8, edge: 5, road: 3.4, main: true },
];

function road(frame: Frame, { cls, from, edge: outer, road: inner, main }: (typeof ROADS)[number]): void {
  if (frame.zoom < from || !trace(frame, 'road', (p) => p.cls === cls)) return;
  const k = grow(frame.zoom);
  edge(frame, main ? 'map-main-edge' : 'map-road-edge', outer * k);
  edge(frame, main ? 'map-main' : 'map-road', inner * k);
}

function ways(frame: Frame): void {
  for (const kind of ROADS) if (!kind.main) road(frame, kind);
  if (trace(frame, 'rail')) {
    edge(frame, 'map-rail', 2.2);
    edge(frame, 'map-land', 1.2, [8, 8]);
  }
  for (const kind of ROADS) if (kind.main) road(frame, kind);
  if (frame.zoom >= HOUSES_FROM && trace(frame, 'building')) {
    frame.ctx.fillStyle = frame.palette.get('map-house');
    frame.ctx.fill();
    edge(frame, 'map-house-edge', 0.8);
  }
}

/** Outside the county everything is paled by 82 %, so that roads fade out instead of stopping dead. */
function veil(frame: Frame): void {
  const { ctx, view } = frame;
  trace(frame, 'land');
  ctx.rect(view.x, view.y, view.size, view.size);
  ctx.globalAlpha = 0.82;
  ctx.fillStyle = frame.palette.get('map-out');
  ctx.fill('evenodd');
  ctx.globalAlpha = 1;
}

/** Cells of our own drawing (示意网格) are dotted: nothing on the map may take them for borders. */
const DOTS = [1, 4];

function boundaries(frame: Frame): void {
  if (frame.townships && trace(frame, 'boundary', (p) => p.level === 'township')) edge(frame, 'map-town', 1.1, [5, 3]);
  if (frame.townships && trace(frame, 'boundary', (p) => p.level === 'township_cell'))
    edge(frame, 'map-village', 1.2, DOTS);
  if (trace(frame, 'boundary', (p) => p.level === 'county')) {
    edge(frame, 'map-county-glow', 16);
    edge(frame, 'map-county', 1.8, [12, 4, 2, 4]);
  }
}

export function paintTile(frame: Frame): void {
  const { ctx } = frame;
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  ground(frame);
  water(frame);
  if (frame.villages && trace(frame, 'boundary', (p) => p.level === 'village')) edge(frame, 'map-village', 0.9);
  if (frame.villages && trace(frame, 'boundary', (p) => p.level === 'village_cell'))
    edge(frame, 'map-village', 0.9, DOTS);
  ways(frame);
  if (frame.layers.land) veil(frame);
  ctx.lineCap = 'butt';
  boundaries(frame);
}
