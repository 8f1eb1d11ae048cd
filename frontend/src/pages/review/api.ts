/** Every address the workbench reads or writes. */

import { address, getJson, send } from '../../core/api';
import { boot } from '../../core/boot';
import type { BBox, Schemas } from '../../core/types';
import type { Pair } from '../../map/later/compare';
import type {
  Card,
  Counts,
  Detail,
  Group,
  Line,
  Next,
  Options,
  Page,
  Paper,
  Reviewed,
  Runs,
  SceneBrief,
  Verdict,
} from './types';

type Filter = Record<string, string>;

/** Points that one answer holds at most. */
const PAGE = 200;

const post = <T>(path: string, body: unknown = {}) => send<T>('POST', `/api/imagery/${path}`, body, boot.csrf);

export const review = {
  queue: (asked: Filter, limit: number, near?: number[], stop?: AbortSignal) =>
    getJson<Page>('/api/imagery/queue/', { ...asked, limit, lon: near?.[0], lat: near?.[1] }, stop),
  counts: (asked: Filter, stop?: AbortSignal) => getJson<Counts>('/api/imagery/queue/counts', asked, stop),
  options: () => getJson<Options>('/api/imagery/options'),
  detail: (id: number | string, stop?: AbortSignal) => getJson<Detail>(`/api/imagery/points/${id}`, {}, stop),
  next: (filter: Filter, skip: number[], near?: number[]) =>
    post<Next>('queue:next', near ? { filter, skip, near } : { filter, skip }),
  claim: (id: number) => post<{ id: number; until: string | null }>(`points/${id}:claim`),
  judge: (id: number, said: Said) => post<Reviewed>(`points/${id}:review`, said),
  /** All points that are the reader's business, in the queue or not: the first `most` of them. */
  points: async (asked: Filter, most = PAGE, stop?: AbortSignal): Promise<Page> => {
    const items: Card[] = [];
    for (let cursor = ''; ; ) {
      const limit = Math.min(most - items.length, PAGE);
      const page = await getJson<Page>('/api/imagery/points/', { ...asked, limit, cursor }, stop);
      items.push(...page.items);
      cursor = page.next;
      if (!cursor || items.length >= most) return { ...page, items };
    }
  },
  move: (id: number, move: string, fields: object) => post<Moved>(`points/${id}:${move}`, fields),
  /** A document that says what a point is; `find` names it. */
  document: (id: number, file: File) => {
    const form = new FormData();
    form.append('file', file, file.name);
    return post<Paper>(`points/${id}/documents`, form);
  },
  units: () => getJson<Schemas['OrderOptionsShape']>('/api/orders/options'),
  /** The same verdict on some points, or on all of a group that wait. */
  batch: (of: Several, said: object) =>
    'group' in of
      ? post<{ items: Line[] }>(`groups/${of.group}:review`, said)
      : post<{ items: Line[] }>('reviews:batch', { ...of, ...said }),
  group: (id: number | string, stop?: AbortSignal) => getJson<Group>(`/api/imagery/groups/${id}`, {}, stop),
  makeGroup: (said: object) => post<Group>('groups/', said),
  actOnGroup: (id: number, act: string, said: object = {}) => post<unknown>(`groups/${id}:${act}`, said),
  undoBatch: (batch: string) => post<{ items: Line[] }>('reviews:undo_batch', { batch }),
  runs: (stop?: AbortSignal) => getJson<Runs>('/api/imagery/runs', {}, stop),
  startRun: (said: object) => post<{ id: number; is_new: boolean }>('runs', said),
  actOnRun: (id: number, act: string) => post<unknown>(`runs/${id}:${act}`),
  /** What lies in a box, as GeoJSON: control lines; rows of a layer. */
  lines: (bbox: BBox) => getJson<Shapes>('/api/imagery/redlines', { bbox: bbox.join(',') }),
  rows: (layer: string, bbox: BBox) =>
    getJson<Shapes>(`/api/layers/${layer}/features`, { bbox: bbox.join(','), limit: 500 }),
  undo: () => post<Reviewed>('reviews:undo', { client_id: crypto.randomUUID() }),
};

/** Points that are spoken of together. */
export type Several = { ids: number[] } | { group: number };

/** Address of points as a file: those of the queue, or of the list of cases, with the same filters. */
export const exportOf = (list: 'queue' | 'points', asked: Filter, form: Filter): string =>
  address(`/api/imagery/${list}/export`, { ...asked, ...form });

interface Moved {
  id: number;
  state: string;
  version: number;
}

/** Features with outlines, of any geometry. */
export interface Shapes {
  features: { geometry: { type: string; coordinates: unknown } | null; properties: Record<string, unknown> }[];
}

export interface Said {
  client_id: string;
  version: number;
  verdict: Verdict;
  kind: string;
  reason: string;
  note: string;
  confidence: number | null;
  until: string | null;
  seconds: number;
  wants_check: boolean;
}

/** Addresses of the small pictures of both scenes ('' where a scene has no data), and the ground that they show. */
export function chipsOf({ chips, blank }: Card): { before: string; after: string; box: BBox | null } {
  const { box = null, ...pictures } = chips as { before?: string; after?: string; box?: BBox };
  const of = (side: 'before' | 'after') => (!blank.includes(side) && pictures[side]) || '';
  return { before: of('before'), after: of('after'), box };
}

/** Deepest zoom whose tiles are asked for: below it they are only larger, whatever the scene. */
export const DEEPEST = 18;

/** What there is of a scene; `picture` was made beforehand. */
export function sideOf({ key }: SceneBrief, picture: string) {
  const tiles = `/imagery/scenes/${key}/tiles/{z}/{x}/{y}`;
  return { picture, tiles: `${tiles}?stretch=soft`, index: `${tiles}?look=ndvi`, deepest: DEEPEST };
}

/** Rings of the outline, lon lat. */
export const ringsOf = ({ geom }: Card): number[][][] => (geom as { coordinates: number[][][] }).coordinates;

export function bboxOf(point: Card): BBox {
  const [lons, lats] = [0, 1].map((axis) =>
    ringsOf(point)
      .flat()
      .map((at) => at[axis] ?? 0),
  ) as [number[], number[]];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

const METRES_A_DEGREE = 111_320;
/** How much of what is seen a point is, and how many pixels of its scene are seen at least: one must know where one is. */
const [SHARE, LEAST_PIXELS] = [0.5, 20];

/** A point and what is around it, as the map shows it. */
export function aroundOf(point: Card): BBox {
  const [west, south, east, north] = bboxOf(point);
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const longer = Math.max((east - west) * squeeze, north - south) / SHARE;
  const reach = Math.max(longer, (LEAST_PIXELS * point.after.gsd_m) / METRES_A_DEGREE) / 2;
  return [lon - reach / squeeze, lat - reach, lon + reach / squeeze, lat + reach];
}

/** What the map shows of a point; `latest` takes the place of its own later scene. */
export function pairOf(point: Card, latest?: SceneBrief | null): Pair {
  const { before, after, box } = chipsOf(point);
  return {
    bbox: box ?? bboxOf(point),
    rings: ringsOf(point),
    before: sideOf(point.before, before),
    after: latest ? sideOf(latest, '') : sideOf(point.after, after),
  };
}
