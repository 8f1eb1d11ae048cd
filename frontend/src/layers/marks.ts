/** Marks on the map's canvas, by form; sizes in CSS pixels. */

import { strokes } from '../core/icons/icons';
import { MARKS, statusLook } from '../core/icons/marks';
import type { Palette } from './palette';
import { arcs, type PointStyle } from './styles';

type Ctx = CanvasRenderingContext2D;

const paths = new Map<string, Path2D>();

function path(d: string): Path2D {
  let made = paths.get(d);
  if (!made) {
    made = new Path2D(d);
    paths.set(d, made);
  }
  return made;
}

function drawIcon(ctx: Ctx, name: string, x: number, y: number, size: number, colour: string): void {
  ctx.save();
  ctx.translate(x - size / 2, y - size / 2);
  ctx.scale(size / 24, size / 24);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2.1;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.stroke(path(strokes(name)));
  ctx.restore();
}

function drawMark(ctx: Ctx, name: string, x: number, y: number, size: number, palette: Palette): void {
  ctx.save();
  ctx.translate(x - size / 2, y - size / 2);
  ctx.scale(size / 16, size / 16);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  for (const { d, fill, line, width = 1, dash } of MARKS[name] ?? []) {
    if (fill) {
      ctx.fillStyle = palette.get(fill);
      ctx.fill(path(d));
    }
    if (!line) continue;
    ctx.strokeStyle = palette.get(line);
    ctx.lineWidth = width;
    ctx.setLineDash(dash ? dash.split(' ').map(Number) : []);
    ctx.stroke(path(d));
  }
  ctx.restore();
}

function rounded(ctx: Ctx, x: number, y: number, half: number, radius: number): void {
  ctx.beginPath();
  ctx.moveTo(x - half + radius, y - half);
  ctx.arcTo(x + half, y - half, x + half, y + half, radius);
  ctx.arcTo(x + half, y + half, x - half, y + half, radius);
  ctx.arcTo(x - half, y + half, x - half, y - half, radius);
  ctx.arcTo(x - half, y - half, x + half, y - half, radius);
  ctx.closePath();
}

function disc(ctx: Ctx, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

/** The paper that something is drawn on. */
function paper(ctx: Ctx, x: number, y: number, radius: number, palette: Palette, token = 'surface'): void {
  disc(ctx, x, y, radius);
  ctx.fillStyle = palette.get(token);
  ctx.fill();
}

/** Draws the edge of what was traced last. */
function edge(ctx: Ctx, colour: string, width: number, dash: number[] = []): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
}

export interface Symbol {
  style: PointStyle;
  icon: string;
  status: string | null;
  selected: boolean;
}

/** Half the size of a mark: small where the whole county is seen. */
export function markRadius(zoom: number, palette: Palette): number {
  return (zoom < 11 ? 11 : zoom < 14 ? 12 : 14) * palette.scale;
}

function body(ctx: Ctx, x: number, y: number, half: number, symbol: Symbol, palette: Palette): void {
  const { style, icon, selected, status } = symbol;
  const square = style.form === 'square';
  const { tone, weight } = statusLook((!square && status) || '');
  // A row that alarms is of the colour of its badge, whoever looks at it.
  const [ground, ink] =
    weight > 2
      ? tone === 'late'
        ? ['m-late', 'surface']
        : [`s-${tone}`, 'ink']
      : square || selected
        ? ['pri', 'on-pri']
        : ['surface', 'ink'];
  if (square) rounded(ctx, x, y, half, 7);
  else (style.outline ?? disc)(ctx, x, y, half - 1);
  ctx.fillStyle = palette.get(ground);
  ctx.fill();
  edge(ctx, palette.get(square ? 'm-casing' : 'edge'), square ? 2 : 1.2);
  drawIcon(ctx, icon, x, y, half * (square ? 1.35 : 1.22), palette.get(ink));
}

/** A drop whose point is at 0,0. */
const DROP = 'M0 0C-5-7-11-11.5-11-18.5a11 11 0 0 1 22 0C11-11.5 5-7 0 0Z';
/** How far above its point the head of a drop is, in radii of the head. */
export const DROP_LIFT = 18.5 / 11;

/** A report: the mark of its status in a drop of its colour; `y` is the middle of the head. */
function drawDrop(ctx: Ctx, x: number, y: number, radius: number, status: string, palette: Palette): void {
  const { mark, tone } = statusLook(status);
  ctx.save();
  ctx.translate(x, y + DROP_LIFT * radius);
  ctx.scale(radius / 11, radius / 11);
  ctx.setLineDash([]);
  ctx.fillStyle = palette.get(`m-${tone}`);
  ctx.fill(path(DROP));
  ctx.strokeStyle = palette.get('m-casing');
  ctx.lineWidth = 1.8;
  ctx.stroke(path(DROP));
  ctx.restore();
  paper(ctx, x, y, radius * 0.75, palette);
  drawMark(ctx, mark, x, y, radius * 1.18, palette);
}

/** A report of the past: the mark of its status alone, on a disc. */
export function drawPast(ctx: Ctx, x: number, y: number, radius: number, status: string, palette: Palette): void {
  paper(ctx, x, y, radius, palette);
  drawMark(ctx, statusLook(status).mark, x, y, radius * 1.7, palette);
}

/** One row: a square or a circle with its icon; a badge says a status that needs a look. The others are all status. */
export function drawSymbol(ctx: Ctx, x: number, y: number, radius: number, symbol: Symbol, palette: Palette): void {
  if (symbol.selected) {
    paper(ctx, x, y, radius + 7, palette, 'm-casing');
    edge(ctx, palette.get('map-sel'), 2.6);
  }
  if (symbol.style.form === 'drop') {
    drawDrop(ctx, x, y, radius, symbol.status ?? '', palette);
    return;
  }
  if (symbol.style.form === 'dashed') {
    paper(ctx, x, y, radius - 1, palette);
    edge(ctx, palette.get('ink-2'), 1.8, [4, 3]);
    drawMark(ctx, statusLook(symbol.status ?? '').mark, x, y, radius * 1.2, palette);
    return;
  }
  body(ctx, x, y, radius, symbol, palette);
  const look = symbol.status ? statusLook(symbol.status) : null;
  if (!look?.weight) return;
  paper(ctx, x + radius - 1, y - radius + 1, 9.5, palette);
  drawMark(ctx, look.mark, x + radius - 1, y - radius + 1, 14, palette);
}

/** Rows of one layer that are counted together. */
export interface Counted {
  count: number;
  by: Record<string, number>;
  style: PointStyle;
}

/** Radius of a ring at most, where rows are counted by nearness and by township: townships lie close in a phone. */
const [WIDEST, WIDEST_AT_NAME] = [34, 26];
/** Pixels from one line to the next in a ring of several layers. */
const LINE = 15;

export function ringRadius(rows: Counted[], atName: boolean, palette: Palette): number {
  const most = Math.max(...rows.map(({ count }) => count));
  const alone = Math.min(atName ? WIDEST_AT_NAME : WIDEST, 13 + 2.6 * Math.log2(Math.max(1, most)));
  return (rows.length > 1 ? 16 + 4.5 * rows.length : alone) * palette.scale;
}

/** Many rows: the number, and around it what they consist of; of several layers, each by its icon, the first around. */
export function drawRing(ctx: Ctx, x: number, y: number, radius: number, rows: Counted[], palette: Palette): void {
  ctx.save();
  ctx.shadowColor = '#0004';
  ctx.shadowBlur = 2;
  ctx.shadowOffsetY = 1;
  paper(ctx, x, y, radius, palette);
  ctx.restore();
  if (rows[0]) drawArcs(ctx, x, y, radius, rows[0], palette);
  ctx.textBaseline = 'middle';
  const [step, several] = [LINE * palette.scale, rows.length > 1];
  const size = several ? 11.5 : radius < 18 ? 12.5 : 14.5;
  ctx.font = `700 ${size * palette.scale}px ${palette.font}`;
  rows.forEach(({ count, style }, index) => {
    const text = count.toLocaleString('en');
    const line = y + (index - (rows.length - 1) / 2) * step;
    const icon = several ? 12 * palette.scale : 0;
    const left = x - (icon + ctx.measureText(text).width) / 2;
    if (several) drawIcon(ctx, style.sign, left + icon / 2 - 1, line, icon, palette.get('ink-2'));
    ctx.textAlign = 'left';
    ctx.fillStyle = palette.get('ink');
    ctx.fillText(text, left + icon, line + 1);
  });
}

function drawArcs(ctx: Ctx, x: number, y: number, radius: number, { style, by }: Counted, palette: Palette): void {
  const parts = arcs(style, by);
  const gap = parts.length > 1 ? 1.2 / radius : 0;
  let angle = -Math.PI / 2;
  ctx.lineCap = 'butt';
  for (const { token, share } of parts) {
    const end = angle + share * 2 * Math.PI;
    ctx.beginPath();
    ctx.arc(x, y, radius - 2.8, angle + gap, Math.max(angle + gap + 0.02, end - gap));
    edge(ctx, palette.get(token), token === 'edge' ? 2 : 4.5);
    angle = end;
  }
}
