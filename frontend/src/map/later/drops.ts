/** Reports on a small map: drops with the mark of their status, and around one the area that the public sees. */

import { effect } from '@preact/signals';
import { MARKS, statusLook } from '../../core/icons/marks';
import type { MapView } from '../view';
import { Sketch } from './sketch';

export interface Drop {
  /** Null for the middle of the map, wherever it is moved. */
  lon: number | null;
  lat: number | null;
  /** Name of a look (`core/icons/marks`). */
  look: string;
  /** Metres; 0 for no area. */
  radius: number;
  big?: boolean;
}

/** Its point is at 0,0. */
const OUTLINE = 'M0 0C-5-7-11-11.5-11-18.5a11 11 0 0 1 22 0C11-11.5 5-7 0 0Z';
const DEGREE_M = 111_320;

const token = (name: string | undefined) => (name ? `var(--${name})` : 'none');

function drawDrop(sketch: Sketch, x: number, y: number, { look, big }: Drop): void {
  const { mark, tone } = statusLook(look);
  const move = `translate(${x} ${y}) scale(${big ? 1.35 : 1})`;
  sketch.shape('path', {
    d: OUTLINE,
    transform: move,
    fill: token(`m-${tone}`),
    stroke: token('m-casing'),
    'stroke-width': 1.8,
  });
  sketch.shape('circle', { cy: -18.5, r: 8.2, fill: token('surface'), transform: move });
  for (const { d, fill, line, width = 1 } of MARKS[mark] ?? []) {
    sketch.shape('path', {
      d,
      transform: `${move} translate(-6.5 -25) scale(.8125)`,
      fill: token(fill),
      stroke: token(line),
      'stroke-width': width,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    });
  }
}

/** Draws what `of` answers, and again when signals that it reads change; `redraw` for the rest. */
export function drops(view: MapView, of: () => Drop[]): Sketch {
  const drawn = new Sketch(view.map, 'drops', (sketch, at) => {
    for (const one of of()) {
      const middle = view.middle();
      const { lon, lat } = one.lon === null || one.lat === null ? middle : { lon: one.lon, lat: one.lat };
      const { x, y } = at([lon, lat]);
      if (one.radius) {
        const edge = at([lon, lat + one.radius / DEGREE_M]);
        sketch.shape('circle', { class: 'area', cx: x, cy: y, r: y - edge.y });
      }
      drawDrop(sketch, x, y, one);
    }
  });
  effect(drawn.redraw);
  return drawn;
}
