/** The village under a mouse, outlined from the tiles that are there. Loaded by the first mouse that moves. */

import { TILE_EXTENT, type TileFeature } from '../../layers/basemap';
import type { Palette } from '../../layers/palette';
import type { Pen } from '../overlay';
import { stroke } from '../shapes';
import { TileStore } from '../tiles';

function contains({ lines }: TileFeature, x: number, y: number): boolean {
  let inside = false;
  for (const ring of lines) {
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

  find(u: number, v: number, zoom: number): string {
    const z = hoverZoom(zoom);
    const [x, y] = [u * 2 ** z, v * 2 ** z];
    const key = `${z}/${Math.floor(x)}/${Math.floor(y)}`;
    const tile = this.store.peek(key);
    if (!tile) {
      this.store.get(key).catch(() => undefined); // the next move of the mouse finds it, or asks again
      return '';
    }
    const here = tile.villages?.find((feature) => contains(feature, (x % 1) * TILE_EXTENT, (y % 1) * TILE_EXTENT));
    return String(here?.properties.code ?? '');
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

  private hits(key: string): TileFeature[] {
    return this.store.peek(key)?.villages?.filter(({ properties }) => properties.code === this.code) ?? [];
  }

  private outline(pen: Pen, hits: TileFeature[], tile: { x: number; y: number; size: number }, palette: Palette): void {
    const { ctx } = pen;
    ctx.save();
    ctx.setLineDash([]);
    ctx.lineJoin = 'round';
    ctx.beginPath();
    ctx.rect(tile.x, tile.y, tile.size, tile.size);
    ctx.clip();
    ctx.beginPath();
    const unit = tile.size / TILE_EXTENT;
    for (const { lines } of hits) {
      for (const ring of lines) {
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
