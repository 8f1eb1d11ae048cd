/** Names on the map: which are shown, how they look, and where they fit without touching each other or a mark. */

import type { Palette } from './palette';

export interface Label {
  text: string;
  kind: string;
  /** Place in pixels of the canvas. */
  x: number;
  y: number;
  rank: number;
  selected?: boolean;
  /** What a page puts below the name, from the place: no name may lie there. */
  below?: Box | undefined;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Look {
  size: number;
  weight: number;
  spacing: number;
  token: string;
  lean: number;
  from: number;
  to: number;
}

const LOOKS: Record<string, Look> = {
  township: { size: 15, weight: 600, spacing: 0.08, token: 'map-label', lean: 0, from: 8, to: 14 },
  village: { size: 12, weight: 400, spacing: 0, token: 'map-label-2', lean: 0, from: 12, to: 18 },
  // Water names lean left, as on Chinese paper maps.
  water: { size: 12.5, weight: 400, spacing: 0.25, token: 'map-label-water', lean: 0.21, from: 10, to: 18 },
};
const SELECTED: Partial<Look> = { size: 15, weight: 700, token: 'map-sel', from: 0, to: 30 };
const OFFSETS: [number, number][] = [
  [0, 0],
  [0, 1.15],
  [0, 1.6],
  [-0.28, 1.15],
  [0.28, 1.15],
  [0, -1.6],
  [0.62, 0],
  [-0.62, 0],
  [0, 2.6],
  [0, -2.6],
];
/** What is selected may be named farther away, beside all that is drawn in it. */
const FAR: [number, number][] = [
  [0, 4],
  [0, -4],
  [0, 5.4],
];
/** A township's name farther away would be taken for that of a neighbour. */
const NEAR = 5;

function lookOf(label: Label, zoom: number): Look | null {
  const plain = LOOKS[label.kind] ?? (LOOKS.village as Look);
  const look = label.selected ? { ...plain, ...SELECTED } : plain;
  if (zoom < look.from || zoom > look.to) return null;
  const near = label.kind === 'village' && !label.selected && zoom >= 15 ? 1 : 0;
  return { ...look, size: look.size + near };
}

export const overlaps = (a: Box, b: Box) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** The first of a few spots around the point where the name touches nothing; what is selected is named anyhow. */
function fit(label: Label, width: number, height: number, taken: Box[]): Box | null {
  let box: Box | null = null;
  const near = label.kind === 'township' ? OFFSETS.slice(0, NEAR) : OFFSETS;
  for (const [right, down] of label.selected ? [...near, ...FAR] : near) {
    box = {
      x: label.x - width / 2 + right * (width + 22),
      y: label.y - height / 2 + down * height,
      w: width,
      h: height,
    };
    if (!taken.some((other) => overlaps(box as Box, other))) return box;
  }
  return label.selected ? box : null;
}

function write(ctx: CanvasRenderingContext2D, text: string, box: Box, look: Look, palette: Palette): void {
  ctx.save();
  ctx.translate(box.x + box.w / 2, box.y + box.h / 2);
  if (look.lean) ctx.transform(1, 0, look.lean, 1, 0, 0);
  ctx.strokeStyle = palette.get('map-halo');
  ctx.lineWidth = 3.2;
  ctx.strokeText(text, 0, 0);
  ctx.fillStyle = palette.get(look.token);
  ctx.fillText(text, 0, 0);
  ctx.restore();
}

const important = (label: Label) =>
  label.selected ? 9 : label.kind === 'township' ? 5 : label.kind === 'water' ? 3 : 1;

/** Draws what fits and returns the boxes of the names that were written. */
export function paintLabels(
  ctx: CanvasRenderingContext2D,
  labels: Label[],
  obstacles: Box[],
  zoom: number,
  palette: Palette,
): Map<Label, Box> {
  const written = new Map<Label, Box>();
  const taken = [
    ...obstacles,
    ...labels.flatMap(({ x, y, below }) => (below ? { ...below, x: x + below.x, y: y + below.y } : [])),
  ];
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  for (const label of [...labels].sort((a, b) => important(b) - important(a) || a.rank - b.rank)) {
    const look = lookOf(label, zoom);
    if (!look) continue;
    const size = look.size * palette.scale;
    ctx.font = `${look.weight} ${size}px ${palette.font}`;
    // Only Chinese is set wide: spaced-out Latin letters read as separate ones.
    const spacing = /\p{Script=Han}/u.test(label.text) ? look.spacing : 0;
    if ('letterSpacing' in ctx) ctx.letterSpacing = `${spacing * size}px`;
    const box = fit(label, ctx.measureText(label.text).width + 4, size * 1.25, taken);
    if (!box) continue;
    taken.push(box);
    written.set(label, box);
    write(ctx, label.text, box, look, palette);
  }
  if ('letterSpacing' in ctx) ctx.letterSpacing = '0px';
  return written;
}
