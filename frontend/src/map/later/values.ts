/** Values beside their marks: what a device says now, where there is room for it. */

import { type Box, overlaps } from '../../layers/labels';
import type { Palette } from '../../layers/palette';
import type { Pen } from '../overlay';
import type { Item } from '../points';
import type { Hit } from '../scene';

export interface Said {
  text: string;
  /** Not what is the case now, or not to be believed. */
  isFaded: boolean;
  /** What is wrong is written, over other marks where there is no room. */
  isWrong: boolean;
  /** Token of the colour. */
  token: string;
}

const SIZE = 11.5;
const GAP = 2;

/** Below the mark, else at its right, at its left, or above; where all of that is taken null, unless it `must` stand. */
function fit({ x, y, radius }: Hit, w: number, h: number, taken: Box[], must: boolean): Box | null | undefined {
  const spots = [
    { x: x - w / 2, y: y + radius + GAP, w, h },
    { x: x + radius + GAP, y: y - h / 2, w, h },
    { x: x - radius - GAP - w, y: y - h / 2, w, h },
    { x: x - w / 2, y: y - radius - GAP - h, w, h },
  ];
  return spots.find((spot) => !taken.some((box) => overlaps(box, spot))) ?? (must ? spots[0] : null);
}

/** Writes what `of` knows of single rows, those on top first, and touches no mark and no name. */
export function paintValues(
  { ctx }: Pen,
  hits: Hit[],
  palette: Palette,
  names: Iterable<Box>,
  of: (item: Item) => Said | undefined,
): void {
  const size = SIZE * palette.scale;
  const marks = hits.map(({ x, y, radius }) => ({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius }));
  const taken: Box[] = [...marks, ...names];
  ctx.font = `600 ${size}px ${palette.font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  for (const hit of [...hits].reverse()) {
    const said = hit.item.count === 1 ? of(hit.item) : undefined;
    const box = said && fit(hit, ctx.measureText(said.text).width + 4, size * 1.2, taken, said.isWrong);
    if (!box) continue;
    taken.push(box);
    const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
    ctx.globalAlpha = said.isFaded ? 0.55 : 1;
    ctx.strokeStyle = palette.get('map-halo');
    ctx.lineWidth = 3.2;
    ctx.strokeText(said.text, x, y);
    ctx.fillStyle = palette.get(said.token);
    ctx.fillText(said.text, x, y);
    ctx.globalAlpha = 1;
  }
}
