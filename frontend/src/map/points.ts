/** Rows of a point layer for what is on the screen: features where they fit, else the server's clusters. */

import { isAbort, type Query } from '../core/api';
import { endpoints } from '../core/endpoints';
import type { BBox, Cluster, Counts, Feature, LayerInfo } from '../core/types';
import { idOf, nameOf, type PointStyle, pointStyle, ruleFor } from '../layers/styles';

export interface Item {
  layer: string;
  /** Absent for a cluster of several rows. */
  id?: string;
  /** Township that the rows are counted for; it stands where the township's name stands. */
  township?: { code: string; name: string };
  name: string;
  lon: number;
  lat: number;
  count: number;
  by: Record<string, number>;
  bbox?: BBox;
  icon: string;
  status: string | null;
  style: PointStyle;
}

export interface Extent {
  bbox: BBox;
  zoom: number;
  /** Pixels of the whole county at this zoom: says how close rows would stand. */
  area: number;
}

const LIMIT = 600;
/** Between these zooms rows are counted by township, which people know and whose name is there; else by nearness. */
const TOWNSHIPS_FROM = 9;
const TOWNSHIPS_TO = 11;

type Mode = 'townships' | 'clusters' | 'features';

export const inside = (inner: BBox, outer: BBox) =>
  inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

export function padded([w, s, e, n]: BBox): BBox {
  const [dx, dy] = [(e - w) * 0.2, (n - s) * 0.2];
  return [Math.max(-180, w - dx), Math.max(-85, s - dy), Math.min(180, e + dx), Math.min(85, n + dy)];
}

export class PointLayer {
  items: Item[] = [];
  /** Filters and time, as the layer's addresses take them. */
  asked: Query = {};
  /** Its count is of the rows that filters leave: few rows are shown singly, also from afar. */
  info: LayerInfo;
  readonly style: PointStyle;
  private loaded: { bbox: BBox; zoom: number; mode: Mode; asked: string } | undefined;
  private running: AbortController | undefined;

  constructor(info: LayerInfo) {
    this.info = info;
    this.style = pointStyle(info.key);
  }

  /** Brings `items` up to date; false when nothing had to change. */
  async refresh(extent: Extent): Promise<boolean> {
    const room = Math.sqrt(extent.area / Math.max(1, this.info.count));
    const townships = extent.zoom >= TOWNSHIPS_FROM && extent.zoom <= TOWNSHIPS_TO;
    const mode: Mode = room >= this.style.room ? 'features' : townships ? 'townships' : 'clusters';
    if (this.covers(mode, extent)) return false;
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    const bbox = padded(extent.bbox);
    const asked = JSON.stringify(this.asked);
    try {
      const items = await this.fetch(mode, bbox, extent.zoom, mine.signal);
      if (this.running !== mine) return false;
      this.items = items;
      this.loaded = { bbox, zoom: extent.zoom, mode, asked };
      return true;
    } catch (error) {
      if (isAbort(error)) return false;
      throw error;
    }
  }

  /** The server has other rows by now: what is drawn stays until they have come. */
  expire(): void {
    this.loaded = undefined;
  }

  private covers(mode: Mode, { bbox, zoom }: Extent): boolean {
    const have = this.loaded;
    if (have?.mode !== mode || have.asked !== JSON.stringify(this.asked)) return false;
    if (mode === 'townships') return true;
    return inside(bbox, have.bbox) && (mode === 'features' || have.zoom === zoom);
  }

  private async fetch(mode: Mode, bbox: BBox, zoom: number, signal: AbortSignal): Promise<Item[]> {
    if (mode === 'features') {
      const answer = await endpoints.features(this.info.key, bbox, LIMIT, this.asked, signal);
      // More than fit into one answer: count them instead of showing an arbitrary part.
      if (!answer.next) return answer.features.flatMap((feature) => this.fromFeature(feature));
    }
    if (mode === 'townships') {
      const { counts } = await endpoints.counts(this.info.key, 'township', this.asked, signal);
      return counts.filter(({ count }) => count > 0).map((area) => this.fromArea(area));
    }
    const { clusters } = await endpoints.clusters(this.info.key, bbox, zoom, this.asked, signal);
    return clusters.map((cluster) => this.fromCluster(cluster));
  }

  private fromFeature({ id, geometry, properties }: Feature): Item[] {
    if (geometry?.type !== 'Point') return [];
    const [lon = 0, lat = 0] = geometry.coordinates;
    const value = this.info.style_by ? properties[this.info.style_by] : '';
    return [
      {
        layer: this.info.key,
        id: idOf({ id, properties }),
        name: nameOf(properties),
        lon,
        lat,
        count: 1,
        by: { [String(value)]: 1 },
        icon: this.style.icon(properties, ruleFor(this.info, value)),
        status: this.style.status(String(value), properties),
        style: this.style,
      },
    ];
  }

  private fromArea({ code, name, count, by }: Counts['counts'][number]): Item {
    const township = { code, name };
    const blank = { icon: '', status: null, lon: 0, lat: 0 };
    return { layer: this.info.key, name, township, count, by, style: this.style, ...blank };
  }

  private fromCluster({ id, lon, lat, count, by, bbox }: Cluster): Item {
    const value = Object.keys(by)[0] ?? '';
    // A cluster knows the row's key only: a report is opened by its number, when the map has gone nearer.
    const single = count === 1 && id !== undefined && id !== null && this.style.form !== 'drop';
    return {
      layer: this.info.key,
      ...(single ? { id: String(id) } : { bbox }),
      name: '',
      lon,
      lat,
      count,
      by,
      icon: this.style.icon({}, ruleFor(this.info, value)),
      status: single ? this.style.status(value) : null,
      style: this.style,
    };
  }
}
