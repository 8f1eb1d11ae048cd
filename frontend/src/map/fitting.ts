/** Where an area goes, and how large it is drawn, so that nothing lies over it. */

import type { PanOptions } from 'leaflet';
import type { Box } from '../layers/labels';
import { LatLngBounds, LeafletMap, Point } from './leaflet';

/** Pixels of the map that something lies over. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
  /** Size of a card in the upper right corner, from the edges of the map; measured when something is fitted. */
  card?: () => { width: number; height: number };
  /** The first view fills what is left with the middle of the county: all of it would be too small to read. */
  fill?: boolean;
}

/** What lies over the map, in its pixels. */
export function boxesOver(map: HTMLElement, selector: string): Box[] {
  const { x, y } = map.getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map((element) => {
    const box = element.getBoundingClientRect();
    return { x: box.x - x, y: box.y - y, w: box.width, h: box.height };
  });
}

interface Room {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pixels around what is fitted. */
const AIR = 24;
/** Pixels that an area is given at least: a small frame may have no room at all left. */
const LEAST_ROOM = 48;

/** Gestures and buttons end on whole zooms; only the one that was fitted may lie between two. */
export class FittedMap extends LeafletMap {
  fitted = 0;

  _limitZoom(zoom: number): number {
    const base = LeafletMap.prototype as unknown as { _limitZoom(zoom: number): number };
    return zoom === this.fitted ? zoom : base._limitZoom.call(this, zoom);
  }

  /** Leaflet knows whoever asks for calm by their zooms alone: arrow keys and buttons bring them there at once, too. */
  override panBy(offset: Point, options?: PanOptions): this {
    return super.panBy(offset, this.options.zoomAnimation ? options : { animate: false });
  }

  /**
   * How far one may pan: a square of four times the county's longer side. Were it only as flat as a flat county,
   * a tall phone would hold it, and the county could not be moved up from behind the sheet.
   */
  stayNear(county: LatLngBounds): void {
    const corner = this.project(county.getNorthWest(), 0);
    const size = this.project(county.getSouthEast(), 0).subtract(corner);
    const middle = corner.add(size.divideBy(2));
    const reach = 2 * Math.max(size.x, size.y);
    const away = new Point(reach, reach);
    this.setMaxBounds(new LatLngBounds(this.unproject(middle.subtract(away), 0), this.unproject(middle.add(away), 0)));
  }
}

/** All that nothing lies over; where a card is, what is beside it and what is below it. */
function rooms(map: Point, { top, right, bottom, left, card }: Insets): Room[] {
  const all = { left, top, width: map.x - left - right, height: map.y - top - bottom };
  const { width, height } = card?.() ?? { width: 0, height: 0 };
  if (!width) return [all];
  return [
    { ...all, width: all.width - width },
    { ...all, top: top + height, height: all.height - height },
  ];
}

const scaleIn = ({ width, height }: Room, area: Point, of = Math.min) =>
  of(Math.max(LEAST_ROOM, width - AIR) / area.x, Math.max(LEAST_ROOM, height - AIR) / area.y);

/** As near to `wanted` as a length of `size` can stand between two ends; in their middle where it does not fit. */
function between(wanted: number, from: number, length: number, size: number): number {
  const slack = Math.max(0, (length - size - AIR) / 2);
  return Math.min(from + length / 2 + slack, Math.max(from + length / 2 - slack, wanted));
}

/**
 * Finds the room in which an area is seen largest.
 *
 * @param area size of the area, pixels at zoom 0.
 * @param map size of the map, pixels.
 * @param fill whether the longer side of the area may hang over the room.
 * @returns the zoom that fills the room, and the pixel of the map that the middle of the area belongs on at a zoom:
 *   as near to the middle of what is seen as the room allows.
 */
export function fitted(
  area: Point,
  map: Point,
  insets: Insets,
  fill?: boolean,
): { zoom: number; middle(zoom: number): Point } {
  const best = rooms(map, insets).reduce((a, b) => (scaleIn(b, area) > scaleIn(a, area) ? b : a));
  const { top, right, bottom, left } = insets;
  return {
    zoom: Math.log2(scaleIn(best, area, fill ? Math.max : Math.min)),
    middle: (zoom) =>
      new Point(
        between((left + map.x - right) / 2, best.left, best.width, area.x * 2 ** zoom),
        between((top + map.y - bottom) / 2, best.top, best.height, area.y * 2 ** zoom),
      ),
  };
}
