/** Measuring: presses of the map and of Enter set points instead of opening what is there. */

import type { MapView } from '../view';
import type { LonLat } from './geodesy';
import { Sketch } from './sketch';

/** Pixels: a press that moved farther was a drag of the map. */
const STILL = 6;

export class Measure {
  points: LonLat[] = [];
  closed = false;
  private readonly view: MapView;
  private readonly changed: () => void;
  private readonly sketch: Sketch;
  private readonly stops = new AbortController();
  private from = { x: 0, y: 0 };

  constructor(view: MapView, changed: () => void) {
    this.view = view;
    this.changed = changed;
    this.sketch = new Sketch(view.map, 'measure', (sketch, at) => this.draw(sketch, at));
    this.listen(view.map.getContainer());
    view.map.doubleClickZoom.disable();
  }

  /** Before Leaflet sees them: two quick presses are two points, and nothing is opened. */
  private listen(box: HTMLElement): void {
    const { signal } = this.stops;
    const first = { capture: true, signal };
    box.classList.add('measuring');
    box.addEventListener(
      'pointerdown',
      ({ clientX: x, clientY: y }) => {
        this.from = { x, y };
      },
      first,
    );
    box.addEventListener(
      'click',
      (event) => {
        event.stopPropagation();
        if (Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) > STILL) return;
        const { lng, lat } = this.view.map.mouseEventToLatLng(event);
        this.add([lng, lat]);
      },
      first,
    );
    box.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Backspace') this.undo();
        else if (event.key === 'Enter') this.addMiddle();
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
      first,
    );
  }

  private add(point: LonLat): void {
    this.points = [...this.points, point];
    this.redraw();
  }

  addMiddle(): void {
    const { lon, lat } = this.view.middle();
    this.add([lon, lat]);
  }

  undo(): void {
    this.points = this.points.slice(0, -1);
    this.redraw();
  }

  clear(): void {
    this.points = [];
    this.redraw();
  }

  close(closed: boolean): void {
    this.closed = closed;
    this.redraw();
  }

  stop(): void {
    this.stops.abort();
    this.sketch.remove();
    this.view.map.getContainer().classList.remove('measuring');
    this.view.map.doubleClickZoom.enable();
  }

  private redraw(): void {
    this.sketch.redraw();
    this.changed();
  }

  private draw(sketch: Sketch, at: (point: LonLat) => { x: number; y: number }): void {
    const line = this.points.map((point) => at(point));
    const points = line.map(({ x, y }) => `${x},${y}`).join(' ');
    for (const layer of ['casing', 'line'])
      sketch.shape(this.closed ? 'polygon' : 'polyline', { points, class: layer });
    for (const { x, y } of line) sketch.shape('circle', { cx: x, cy: y, r: 5 });
    const { lon, lat } = this.view.middle();
    const { x, y } = at([lon, lat]);
    sketch.shape('path', { d: `M${x - 12} ${y}h24M${x} ${y - 12}v24`, class: 'middle' });
  }
}
