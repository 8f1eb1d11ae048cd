/** Several points chosen on the map: a line is drawn around them. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BBox } from '../../core/types';
import { Sketch } from '../../map/later/sketch';
import { LatLng } from '../../map/leaflet';
import type { MapView } from '../../map/view';
import { bboxOf } from './api';
import { choose } from './several';
import { chosen, shownRows } from './store';
import { w } from './words';

type Spot = { x: number; y: number };

/** Whether a spot lies inside a closed line (even-odd rule). */
function isInside({ x, y }: Spot, line: Spot[]): boolean {
  let inside = false;
  line.forEach((a, index) => {
    const b = line[(index + 1) % line.length] ?? a;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

const rows = () => shownRows.value;

function around(): BBox | null {
  const boxes = rows().map(bboxOf);
  const edge = (of: number, pick: (...all: number[]) => number) => pick(...boxes.map((box) => box[of] ?? 0));
  return boxes.length ? [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)] : null;
}

export function Lasso({ view }: { view: MapView }) {
  const line = useSignal<Spot[]>([]);
  const found = shownRows.value;
  const ticked = chosen.value;
  const spotOf = ([lon = 0, lat = 0]: number[]) => view.map.latLngToContainerPoint(new LatLng(lat, lon));
  useEffect(() => {
    const box = around();
    if (box) view.fit(box, { most: 16 });
  }, [found]);
  useEffect(() => {
    const sketch = new Sketch(view.map, 'spots', (made, at) => {
      for (const { id, lonlat } of rows()) {
        const { x, y } = at([lonlat[0] ?? 0, lonlat[1] ?? 0]);
        made.shape('circle', { cx: x, cy: y, r: 7, class: chosen.peek().has(id) ? 'on' : '' });
      }
    });
    return () => sketch.remove();
  }, [found, ticked]);
  const spot = (event: PointerEvent) => ({ x: event.offsetX, y: event.offsetY });
  const close = (event: PointerEvent) => {
    const drawn = line.peek();
    line.value = [];
    if (drawn.length < 3) return;
    const inside = rows().filter(({ lonlat }) => isInside(spotOf(lonlat), drawn));
    choose([...(event.shiftKey ? chosen.peek() : []), ...inside.map(({ id }) => id)]);
  };
  return (
    <svg
      class="lasso"
      role="img"
      aria-label={w.lasso}
      onPointerDown={(event) => {
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
        line.value = [spot(event)];
      }}
      onPointerMove={(event) => {
        if (line.peek().length) line.value = [...line.peek(), spot(event)];
      }}
      onPointerUp={close}
      onPointerCancel={() => {
        line.value = [];
      }}
    >
      <polygon points={line.value.map(({ x, y }) => `${x},${y}`).join(' ')} />
    </svg>
  );
}
