/** The map: the points, where the device is, and the way to the open one. */

import { effect, signal } from '@preact/signals';
import type { BBox } from '../../core/types';
import { select } from '../../core/url';
import { drops } from '../../map/later/drops';
import { MapFrame } from '../../map/later/frame';
import type { LonLat } from '../../map/later/geodesy';
import { circle, Sketch } from '../../map/later/sketch';
import type { MapView } from '../../map/view';
import { fix, ringsOf } from './place';
import { route } from './route';
import { open, POINTS, tasks } from './tasks';
import type { Card } from './types';
import { w } from './words';

/** Pixels around a drop within which a press means it. */
const REACH = 28;
/** How near is near enough to find the place. */
const NEAR = 17;

const INSETS = { top: 40, bottom: 24, left: 24, right: 64 };

const view = signal<MapView | null>(null);

/** The point whose drop is nearest to a press, if it is near. */
function hit(made: MapView, lon: number, lat: number): Card | undefined {
  const at = (x: number, y: number) => made.map.latLngToContainerPoint([y, x]);
  const here = at(lon, lat);
  const far = ({ lonlat: [x = 0, y = 0] }: Card) => at(x, y).subtract([0, 16]).distanceTo(here);
  const [nearest] = tasks
    .peek()
    .map(({ card }) => ({ card, px: far(card) }))
    .sort((a, b) => a.px - b.px);
  return nearest && nearest.px < REACH ? nearest.card : undefined;
}

const bboxOf = (points: readonly LonLat[]): BBox => {
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
};

const lonlatOf = ({ lonlat: [lon = 0, lat = 0] }: Card): LonLat => [lon, lat];

/** Shows the open point with the reader and the way, or all points. */
function fitAll(made: MapView): void {
  const task = open.peek();
  const here = fix.peek();
  const me: LonLat[] = here ? [[here.lon, here.lat]] : [];
  const points = task ? ringsOf(task.card).flat() : tasks.peek().map(({ card }) => lonlatOf(card));
  const shown = points.length ? [...points, ...me, ...((task && route.peek()?.line) ?? [])] : [];
  if (shown.length) made.fit(bboxOf(shown), { animate: false, most: NEAR });
}

function draw(made: MapView): Sketch {
  const outline = new Sketch(made.map, 'outline', (sketch, at) => {
    const line = (points: readonly LonLat[]) =>
      points
        .map(at)
        .map(({ x, y }) => `${x},${y}`)
        .join(' ');
    const card = open.peek()?.card;
    if (!card) return;
    for (const ring of ringsOf(card)) {
      sketch.shape('polygon', { points: line(ring), class: 'casing' });
      sketch.shape('polygon', { points: line(ring) });
    }
    const here = fix.peek();
    const way = route.peek();
    const beside = (points: LonLat[]) => sketch.shape('polyline', { points: line(points), class: 'straight' });
    if (here) beside([[here.lon, here.lat], lonlatOf(card)]);
    if (!way?.by_road) return;
    // From where somebody stands to the road, and from the road to the place, nobody knows the way.
    beside(way.line.slice(0, 2));
    beside(way.line.slice(-2));
    for (const look of ['casing', 'way'])
      sketch.shape('polyline', { points: line(way.line.slice(1, -1)), class: look });
  });
  drops(made, () =>
    open.value
      ? []
      : tasks.value.map(({ card, checks }) => {
          const [lon, lat] = lonlatOf(card);
          return { lon, lat, look: checks ? 'done' : 'planned', radius: 0 };
        }),
  );
  return outline;
}

function follow(made: MapView): void {
  const outline = draw(made);
  effect(() => {
    void [open.value, route.value];
    outline.redraw();
  });
  let sure: Sketch | undefined;
  effect(() => {
    const here = fix.value;
    if (!here) return;
    made.scene.position = here;
    sure?.remove();
    sure = circle(made.map, [here.lon, here.lat], here.accuracy);
    made.setInsets(INSETS);
    made.setBeside(null); // draws the canvas anew
  });
  let shown = '';
  effect(() => {
    const now = `${open.value?.card.id ?? ''}/${tasks.value.length}/${Boolean(fix.value)}/${route.value?.by_road}`;
    if (now === shown) return;
    shown = now;
    fitAll(made);
  });
}

function press(lon: number, lat: number): void {
  const made = view.peek();
  const card = made && !open.peek() ? hit(made, lon, lat) : undefined;
  if (card) select({ kind: POINTS, id: String(card.id) });
}

function ready(made: MapView): void {
  made.setLayers([], { villages: true, townships: true }, {});
  follow(made);
}

export function FieldMap() {
  const here = fix.value;
  return (
    <section class="fmap">
      <MapFrame
        view={view}
        label={w.mapLabel}
        insets={INSETS}
        // Without network the outlines and the position are enough.
        hooks={{ ground: press, baseFailed: () => undefined }}
        ready={ready}
        tool={
          here
            ? { icon: 'locate', label: w.me, press: (made) => made.goTo(here.lon, here.lat, NEAR) }
            : { icon: 'target', label: w.whole, press: fitAll }
        }
      />
    </section>
  );
}
