/** The outline of the selected place, and the veil over everything else. */

import type { BBox, Feature } from '../core/types';
import type { Palette } from '../layers/palette';
import type { Pen } from './overlay';

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

export function trace(pen: Pen, rings: Ring[]): void {
  for (const ring of rings) {
    ring.forEach(([lon = 0, lat = 0], index) => {
      const { x, y } = pen.at(lon, lat);
      if (index) pen.ctx.lineTo(x, y);
      else pen.ctx.moveTo(x, y);
    });
    pen.ctx.closePath();
  }
}

export function stroke(ctx: CanvasRenderingContext2D, token: string, width: number, palette: Palette, alpha = 1): void {
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
