/** Outlines of places: the selected one exactly, the one under the mouse from the tiles that are there. */

import type { VectorTileFeature } from '@mapbox/vector-tile';
import type { BBox, Feature } from '../core/types';
import type { Palette } from '../layers/palette';
import type { Pen } from './overlay';
import { TileStore } from './tiles';

type Ring = number[][];

export interface Shape {
  code: string;
  rings: Ring[];
  bbox: BBox;
}

export function shapeOf(feature: Feature): Shape | null {
  const { geometry } = feature;
  if (!geometry || geometry.type === 'Point') return null;
  const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
  const bbox: BBox = [180, 90, -180, -90];
  for (const [lon = 0, lat = 0] of rings.flat()) {
    bbox[0] = Math.min(bbox[0], lon);
    bbox[1] = Math.min(bbox[1], lat);
    bbox[2] = Math.max(bbox[2], lon);
    bbox[3] = Math.max(bbox[3], lat);
  }
  return { code: String(feature.properties.code ?? feature.id), rings, bbox };
}

function trace(pen: Pen, rings: Ring[]): void {
  for (const ring of rings) {
    ring.forEach(([lon = 0, lat = 0], index) => {
      const { x, y } = pen.at(lon, lat);
      if (index) pen.ctx.lineTo(x, y);
      else pen.ctx.moveTo(x, y);
    });
    pen.ctx.closePath();
  }
}

function stroke(ctx: CanvasRenderingContext2D, token: string, width: number, palette: Palette, alpha = 1): void {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = palette.get(token);
  ctx.lineWidth = width;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** Everything else is paled by half: no tint over the facts of the place itself. */
export function drawSelected(pen: Pen, { rings }: Shape, palette: Palette): void {
  const { ctx } = pen;
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.beginPath();
  ctx.rect(0, 0, pen.width, pen.height);
  trace(pen, rings);
  ctx.globalAlpha = palette.isDark ? 0.42 : 0.5;
  ctx.fillStyle = palette.get('map-out');
  ctx.fill('evenodd');
  ctx.globalAlpha = 1;
  ctx.beginPath();
  trace(pen, rings);
  stroke(ctx, 'm-casing', 6, palette, 0.8);
  stroke(ctx, 'map-sel', 2.6, palette);
}

interface Hit {
  key: string;
  feature: VectorTileFeature;
}

function contains(feature: VectorTileFeature, x: number, y: number): boolean {
  let inside = false;
  for (const ring of feature.loadGeometry()) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i], ring[j]];
      if (!a || !b || a.y > y === b.y > y) continue;
      if (x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  }
  return inside;
}

/** Tiles of villages exist from 10 on; finer ones than 12 would only be more of them. */
const hoverZoom = (zoom: number) => Math.min(12, Math.max(10, Math.round(zoom) - 1));

/** Village under a mouse. Only tiles already fetched answer; asking fetches the missing one for the next time. */
export class HoverIndex {
  private readonly store = new TileStore('/api/layers/villages/tiles', 12);
  private code = '';

  find(u: number, v: number, zoom: number, fetched: () => void): string {
    const z = hoverZoom(zoom);
    const [x, y] = [u * 2 ** z, v * 2 ** z];
    const key = `${z}/${Math.floor(x)}/${Math.floor(y)}`;
    const tile = this.store.peek(key);
    if (!tile) {
      this.store.get(key).then(fetched, () => undefined);
      return '';
    }
    const layer = tile.villages;
    for (let index = 0; layer && index < layer.length; index++) {
      const feature = layer.feature(index);
      const scale = layer.extent;
      if (contains(feature, (x % 1) * scale, (y % 1) * scale)) return String(feature.properties.code ?? '');
    }
    return '';
  }

  set(code: string): boolean {
    const changed = code !== this.code;
    this.code = code;
    return changed;
  }

  draw(pen: Pen, palette: Palette): void {
    if (!this.code) return;
    const z = hoverZoom(pen.zoom);
    const [a, b] = [pen.atPlane(0, 0), pen.atPlane(1, 1)];
    const tiles = 2 ** z;
    const size = (b.x - a.x) / tiles;
    for (let column = Math.floor(-a.x / size); column * size + a.x < pen.width; column++) {
      for (let row = Math.floor(-a.y / size); row * size + a.y < pen.height; row++) {
        const hits = this.hits(`${z}/${column}/${row}`);
        if (hits.length) this.outline(pen, hits, { x: a.x + column * size, y: a.y + row * size, size }, palette);
      }
    }
  }

  private hits(key: string): Hit[] {
    const layer = this.store.peek(key)?.villages;
    const found: Hit[] = [];
    for (let index = 0; layer && index < layer.length; index++) {
      const feature = layer.feature(index);
      if (String(feature.properties.code ?? '') === this.code) found.push({ key, feature });
    }
    return found;
  }

  private outline(pen: Pen, hits: Hit[], tile: { x: number; y: number; size: number }, palette: Palette): void {
    const { ctx } = pen;
    ctx.save();
    ctx.setLineDash([]);
    ctx.lineJoin = 'round';
    ctx.beginPath();
    ctx.rect(tile.x, tile.y, tile.size, tile.size);
    ctx.clip();
    ctx.beginPath();
    for (const { feature } of hits) {
      const unit = tile.size / feature.extent;
      for (const ring of feature.loadGeometry()) {
        ring.forEach((point, index) => {
          if (index) ctx.lineTo(tile.x + point.x * unit, tile.y + point.y * unit);
          else ctx.moveTo(tile.x + point.x * unit, tile.y + point.y * unit);
        });
        ctx.closePath();
      }
    }
    stroke(ctx, 'm-casing', 5, palette, 0.8);
    stroke(ctx, 'map-sel', 1.6, palette);
    ctx.restore();
  }
}
