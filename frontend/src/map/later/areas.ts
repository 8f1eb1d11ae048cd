/** Figures by area: each filled by its class, with its name and its number in it. Loaded with what shows figures. */

import type { Palette } from '../../layers/palette';
import type { Pen } from '../overlay';
import type { Cover } from '../scene';
import { type Shape, stroke, trace } from '../shapes';

/** What is said of an area: token of its fill, whether that is a strong one (light writing), and the number. */
export interface AreaFigure {
  token: string;
  strong: boolean;
  text: string;
  /** There is no number: the area has an edge instead of a colour. */
  empty?: boolean;
}

export interface Area extends Shape {
  name: string;
}

interface Spot {
  lon: number;
  lat: number;
  /** How much room there is to both sides, degrees. */
  width: number;
}

/** Heights, as parts of an area's own, at which its widest place is looked for; the middle first. */
const HEIGHTS = [0.5, 0.42, 0.58, 0.34, 0.66];
/** A wider place is taken only when it is wider by this factor: writing near the middle reads better. */
const WORTH = 1.25;

/** Longitudes at which the outline crosses a latitude, from west to east. */
function crossings({ rings }: Shape, lat: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    ring.forEach(([x = 0, y = 0], index) => {
      const [u = 0, v = 0] = ring[index ? index - 1 : ring.length - 1] ?? [];
      if (y > lat !== v > lat) found.push(x + ((lat - y) * (u - x)) / (v - y));
    });
  }
  return found.sort((a, b) => a - b);
}

/** Where the writing stands: in the middle of a wide place, always inside the area. */
export function spotOf(shape: Shape): Spot {
  const [, south, , north] = shape.bbox;
  let best: Spot = { lon: 0, lat: 0, width: 0 };
  for (const height of HEIGHTS) {
    const lat = south + (north - south) * height;
    const at = crossings(shape, lat);
    for (let index = 1; index < at.length; index += 2) {
      const [west = 0, east = 0] = [at[index - 1], at[index]];
      const width = east - west;
      if (width > best.width * (best.width ? WORTH : 1)) best = { lon: (west + east) / 2, lat, width };
    }
  }
  return best;
}

/** Even-odd: to the west of a point inside an odd number of crossings lies. */
const inside = (shape: Shape, lon: number, lat: number) =>
  crossings(shape, lat).filter((crossing) => crossing < lon).length % 2 === 1;

export class AreaCover implements Cover {
  private readonly areas: { area: Area; spot: Spot }[];
  private readonly figure: (code: string) => AreaFigure;
  private readonly press: (code: string) => void;
  /** Cells of our own drawing are dotted, never lined like borders. */
  private readonly dotted: boolean;
  /** Code of the area that is outlined. */
  chosen = '';

  constructor(areas: Area[], figure: (code: string) => AreaFigure, press: (code: string) => void, dotted: boolean) {
    this.areas = areas.map((area) => ({ area, spot: spotOf(area) }));
    this.figure = figure;
    this.press = press;
    this.dotted = dotted;
  }

  at(lon: number, lat: number): (() => void) | undefined {
    const hit = this.areas.find(({ area }) => inside(area, lon, lat));
    return hit && (() => this.press(hit.area.code));
  }

  draw(pen: Pen, palette: Palette): void {
    const { ctx } = pen;
    ctx.lineJoin = 'round';
    for (const { area } of this.areas) {
      ctx.setLineDash(this.dotted ? [1.5, 4] : []);
      ctx.beginPath();
      trace(pen, area.rings);
      const { token, empty } = this.figure(area.code);
      ctx.fillStyle = palette.get(token);
      ctx.fill('evenodd');
      stroke(ctx, this.dotted || empty ? 'map-town' : 'm-casing', this.dotted ? 1.2 : 1.6, palette);
    }
    ctx.setLineDash([]);
    for (const { area } of this.areas) if (area.code === this.chosen) this.outline(pen, area, palette);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (const { area, spot } of this.areas) this.write(pen, area, spot, palette);
  }

  private outline(pen: Pen, area: Area, palette: Palette): void {
    pen.ctx.beginPath();
    trace(pen, area.rings);
    stroke(pen.ctx, 'm-casing', 6, palette);
    stroke(pen.ctx, 'map-sel', 3, palette);
  }

  /** The number always; the name above it where there is room. */
  private write(pen: Pen, { code, name }: Area, { lon, lat, width }: Spot, palette: Palette): void {
    const { ctx } = pen;
    const { x, y } = pen.at(lon, lat);
    const room = pen.at(lon + width, lat).x - x;
    const { strong, text } = this.figure(code);
    const line = 8 * palette.scale;
    ctx.fillStyle = palette.get(strong ? 'surface' : 'map-label');
    ctx.font = `600 ${12 * palette.scale}px ${palette.font}`;
    const named = ctx.measureText(name).width < room + 4;
    if (named) ctx.fillText(name, x, y - line);
    ctx.font = `700 ${13 * palette.scale}px ${palette.font}`;
    ctx.fillText(text, x, named ? y + line : y);
  }
}
