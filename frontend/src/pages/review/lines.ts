/** What is laid over the scenes: control lines, sites of approved projects, earlier points. */

import { effect, signal } from '@preact/signals';
import type { BBox } from '../../core/types';
import { Sketch } from '../../map/later/sketch';
import type { MapView } from '../../map/view';
import { bboxOf, review, ringsOf } from './api';
import { groupOf, isGroupOpen } from './groups';
import { open, overlays } from './store';

interface Outline {
  key: string;
  /** A word of what it is, for the look. */
  kind: string;
  rings: number[][][];
}

/** Degrees around the map that are fetched with it, as a part of its width: small moves ask for nothing. */
const BESIDE = 0.3;

/** A project is a point on the map, its site reaches about so far: as in `imagery/sql/overlays.py`. */
const SITE_M = 60;
const CORNERS = 24;

function siteOf([lon, lat]: [number, number]): number[][] {
  const tall = SITE_M / 111_320; // metres of a degree of latitude, to 0.6 %
  const wide = tall / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: CORNERS }, (_, corner) => {
    const turn = (corner / CORNERS) * 2 * Math.PI;
    return [lon + wide * Math.cos(turn), lat + tall * Math.sin(turn)];
  });
}

/** All rings of a geometry, however deep they lie. */
function ringsIn(coordinates: unknown): number[][][] {
  if (!Array.isArray(coordinates) || !coordinates.length) return [];
  const [first] = coordinates as unknown[][];
  if (Array.isArray(first) && typeof first[0] === 'number') return [coordinates as number[][]];
  return coordinates.flatMap(ringsIn);
}

/** The base map has them, too, but lies below the scenes. */
async function villages(box: BBox): Promise<Outline[]> {
  const { features } = await review.rows('villages', box);
  return features.map(({ geometry }) => ({ key: 'villages', kind: '', rings: ringsIn(geometry?.coordinates) }));
}

const SOURCES: Record<string, (box: BBox) => Promise<Outline[]>> = {
  async redlines(box) {
    const { features } = await review.lines(box);
    return features.map(({ geometry, properties }) => ({
      key: 'redlines',
      kind: String(properties.kind ?? ''),
      rings: ringsIn(geometry?.coordinates),
    }));
  },
  villages,
  async projects(box) {
    const { features } = await review.rows('projects', box);
    return features.flatMap(({ geometry }) =>
      geometry ? { key: 'projects', kind: '', rings: [siteOf(geometry.coordinates as [number, number])] } : [],
    );
  },
  async earlier(box) {
    const { items } = await review.points({ bbox: box.join(',') });
    const others = items.filter(({ id }) => id !== open.peek()?.id);
    return others.map((point) => ({ key: 'earlier', kind: point.state, rings: ringsOf(point) }));
  },
};

/** Keys of what can be laid over, beside the outline. */
export const LINES = Object.keys(SOURCES);

/** What is narrower on the screen, as when a project lies in two townships, is a dot of that width. */
const DOT_PX = 14;

/** Shows all points of a project, while it stands in place of the card. */
export function layGroup(view: MapView): () => void {
  const points = () => (isGroupOpen.value && groupOf(open.value)?.points) || [];
  const sketch = new Sketch(view.map, 'lines', (made, at) => {
    for (const ring of points().flatMap(ringsOf)) {
      const line = ring.map(([lon = 0, lat = 0]) => at([lon, lat])).map(({ x, y }) => `${x},${y}`);
      made.shape('polygon', { points: line.join(' '), class: 'casing' });
      made.shape('polygon', { points: line.join(' '), class: 'member' });
    }
    for (const [west, south, east, north] of points().map(bboxOf)) {
      const [from, to] = [at([west, south]), at([east, north])];
      if (to.x - from.x < DOT_PX)
        made.shape('circle', { cx: (from.x + to.x) / 2, cy: (from.y + to.y) / 2, r: DOT_PX / 2 });
    }
  });
  return effect(() => {
    const boxes = points().map(bboxOf);
    const edge = (of: number, pick: (...all: number[]) => number) => pick(...boxes.map((box) => box[of] ?? 0));
    if (boxes.length)
      view.fit([edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)], {
        animate: false,
        most: 17,
      });
    sketch.redraw();
  });
}

/** What is ticked and lies around the map, as it was fetched last. */
export const laid = signal<Outline[]>([]);

/** Lays what is ticked over the map, and fetches it where the map goes. */
export function lay(view: MapView): () => void {
  let known = '';
  let box: BBox | undefined;
  const sketch = new Sketch(view.map, 'lines', (made, at) => {
    for (const { key, kind, rings } of laid.peek()) {
      for (const ring of rings) {
        const points = ring.map(([lon = 0, lat = 0]) => at([lon, lat])).map(({ x, y }) => `${x},${y}`);
        made.shape('polygon', { points: points.join(' '), class: 'casing' });
        made.shape('polygon', { points: points.join(' '), class: `${key} ${kind}` });
      }
    }
  });
  const fetch = async () => {
    const asked = LINES.filter((key) => overlays.peek().has(key));
    const [west, south, east, north] = view.seen();
    const isHere = box && west >= box[0] && south >= box[1] && east <= box[2] && north <= box[3];
    const now = `${asked} ${open.peek()?.id}`;
    if (isHere && now === known) return;
    const [x, y] = [(east - west) * BESIDE, (north - south) * BESIDE];
    const around: BBox = [west - x, south - y, east + x, north + y].map((edge) => +edge.toFixed(5)) as BBox;
    [known, box] = [now, around];
    const all = await Promise.all(asked.map((key) => SOURCES[key]?.(around).catch(() => [])));
    if (known !== now || box !== around) return; // somebody has gone on
    laid.value = all.flatMap((one) => one ?? []);
    sketch.redraw();
  };
  view.map.on('moveend', () => void fetch());
  return effect(() => {
    void [overlays.value, open.value];
    void fetch();
  });
}
