/** The map on paper. */

import type { Insets } from './fitting';
import { Point } from './leaflet';

/** Pixels of the map on A4 between usual margins, 12 cm high (map.css). */
const PAPER = new Point(640, 452);

/** Paper shows what nothing lies over on the screen, as large as its frame allows (map.css). */
export function fitPaper({ style }: HTMLElement, { x, y }: Point, insets: Insets, middle: Point): void {
  const { top, right, bottom, left } = insets;
  const sharp = Math.max(1, devicePixelRatio);
  const fit = Math.min(sharp, PAPER.x / Math.max(1, x - left - right), PAPER.y / Math.max(1, y - top - bottom));
  style.setProperty('--fit', `${fit}`);
  style.setProperty('--paper-x', `${fit * (x - left - right)}px`);
  style.setProperty('--middle-x', `${fit * middle.x}px`);
  style.setProperty('--middle-y', `${fit * middle.y}px`);
}
