/** The map: the points, where the device is, and the way to the open one. */

import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { BBox } from '../../core/types';
import { Toolbar } from '../../core/ui/Toolbar';
import { select } from '../../core/url';
import { MapFoot, Zoom } from '../../map/controls';
import { drops } from '../../map/later/drops';
import type { LonLat } from '../../map/later/geodesy';
import { circle, Sketch } from '../../map/later/sketch';
import { MapView } from '../../map/view';
import { fix, ringsOf } from './place';
import { route } from './route';
import { open, POINTS, tasks } from './tasks';
import type { Card } from './types';
import { w } from './words';

/** Pixels around a drop within which a press means it. */
const REACH = 28;
/** How near is near enough to find the place. */
const NEAR = 17;

const view = signal<MapView | null>(null);
const metresPerPixel = signal(100);

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

function makeView(element: HTMLElement): MapView {
  const made = new MapView(
    element,
    boot.facts?.bbox,
    null,
    { top: 40, bottom: 24, left: 24, right: 64 },
    {
      picked: () => undefined,
      ground(lon, lat) {
        const card = open.peek() ? undefined : hit(made, lon, lat);
        if (card) select({ kind: POINTS, id: String(card.id) });
      },
      moved() {
        metresPerPixel.value = made.metresPerPixel();
      },
      pointed: () => undefined,
      baseFailed: () => undefined, // without network the outlines and the position are enough
      dataFailed: () => undefined,
      drawn: () => undefined,
    },
  );
  made.setLayers([], { villages: true, townships: true }, {});
  return made;
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

function draw(made: MapView): () => void {
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
  const pins = drops(made, () =>
    open.peek()
      ? []
      : tasks.peek().map(({ card, checks }) => {
          const [lon, lat] = lonlatOf(card);
          return { lon, lat, look: checks ? 'done' : 'planned', radius: 0 };
        }),
  );
  return () => {
    outline.redraw();
    pins.redraw();
  };
}

function follow(made: MapView): void {
  const redraw = draw(made);
  effect(() => {
    void [open.value, route.value, tasks.value];
    redraw();
  });
  let sure: Sketch | undefined;
  effect(() => {
    const here = fix.value;
    if (!here) return;
    made.scene.position = here;
    sure?.remove();
    sure = circle(made.map, [here.lon, here.lat], here.accuracy);
    made.setInsets({ top: 40, bottom: 24, left: 24, right: 64 });
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

export function FieldMap() {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!element.current) return;
    const made = makeView(element.current);
    view.value = made;
    metresPerPixel.value = made.metresPerPixel();
    follow(made);
  }, []);
  const goToMe = () => {
    const here = fix.value;
    if (here) view.value?.goTo(here.lon, here.lat, NEAR);
  };
  return (
    <section class="fmap">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section id="map" class="map" ref={element} aria-label={w.mapLabel} tabIndex={0} />
      <Toolbar look="mctl" label={t.mapTools}>
        <Zoom by={(steps) => view.value?.zoomBy(steps)} />
        <button
          type="button"
          aria-label={fix.value ? w.me : w.whole}
          onClick={fix.value ? goToMe : () => view.value && fitAll(view.value)}
        >
          <Icon name={fix.value ? 'locate' : 'target'} />
        </button>
      </Toolbar>
      <MapFoot
        base={boot.facts?.base_maps[0]}
        illustrative={boot.facts?.cells_illustrative ?? false}
        mpp={metresPerPixel.value}
      />
    </section>
  );
}
