/** What is drawn over the tiles, and what a click or a key on it means. */

import type { Query } from '../core/api';
import { boot } from '../core/boot';
import { statusLook } from '../core/icons/marks';
import type { LayerInfo } from '../core/types';
import { type Box, type Label, paintLabels } from '../layers/labels';
import { DROP_LIFT, drawPast, drawRing, drawSymbol, markRadius, ringRadius } from '../layers/marks';
import { Palette } from '../layers/palette';
import type { PlacedName, Shown } from './basemap';
import type { HoverIndex } from './later/hover';
import type { Pen } from './overlay';
import { type Extent, type Item, PointLayer } from './points';
import { drawSelected, type Shape } from './shapes';

export interface Target {
  layer: string;
  id: string;
}

/** Pixels between two rings. */
const APART = 3;
/** Zoom below which English names of townships do without their kind. */
const SHORT_BELOW = 10.75;

const same = (item: Item, target: Target | null) => item.layer === target?.layer && item.id === target.id;
const worse = (item: Item) =>
  item.count > 1 ? -2 : isPast(item) ? -1 : item.status ? statusLook(item.status).weight : 0;

/** A report that waits for nobody any more: small and below the rest, else years of them hide what is being done. */
const isPast = ({ count, style, status }: Item) =>
  count === 1 && style.form === 'drop' && (status === 'done' || status === 'cancelled');

/** What stands on the canvas: one row, or counted rows, of several layers where they are counted for the same township. */
export interface Hit {
  item: Item;
  rows: Item[];
  x: number;
  y: number;
  radius: number;
}

const isRing = ({ item }: Pick<Hit, 'item'>) => item.count > 1 || item.township !== undefined;

function stepAside(hit: Hit, ring: Hit): void {
  const [x, y] = [hit.x - ring.x, hit.y - ring.y];
  const away = Math.hypot(x, y) || 1;
  const [least, share] = isRing(hit) ? [ring.radius + hit.radius + APART, 0.5] : [ring.radius + hit.radius - 5, 1];
  const way = (Math.max(0, least - away) / away) * share;
  hit.x += (x || 1) * way;
  hit.y += y * way;
}

/** A selected row that no loaded layer contains is still drawn, from what its panel says. */
export interface Spot extends Target {
  lon: number;
  lat: number;
  icon: string;
  status: string | null;
}

/** Takes the place of marks and names while it is there. */
export interface Cover {
  draw(pen: Pen, palette: Palette): void;
  /** Opens what is there; answers nothing where nothing is. */
  at(lon: number, lat: number): (() => void) | undefined;
}

export class Scene {
  cover: Cover | null = null;
  /** Writes what stands beside the marks, clear of the names. */
  beside: ((pen: Pen, hits: Hit[], palette: Palette, names: Iterable<Box>) => void) | null = null;
  shape: Shape | null = null;
  spot: Spot | null = null;
  position: { lon: number; lat: number } | null = null;
  shown: Shown = { villages: true, townships: true };
  private readonly english = boot.lang === 'en';
  /** What a page puts below names of a kind, in pixels from their place. */
  below: Record<string, Box> = {};
  /** What lies over the map, in pixels from its upper left corner: names keep clear of it. */
  over: () => Box[] = () => [];
  /** The base map has names of its own. */
  unnamed = false;
  /** Outline of the village under the mouse, once a mouse has moved. */
  hover: HoverIndex | null = null;
  private palette = new Palette();
  private layers: PointLayer[] = [];
  private readonly hits: Hit[] = [];
  private selectedName = '';
  private written = new Map<Label, Box>();
  private readonly names: () => Iterable<PlacedName>;

  constructor(names: () => Iterable<PlacedName>) {
    this.names = names;
  }

  recolour(): void {
    this.palette = new Palette();
  }

  select(shape: Shape | null, name: string): void {
    this.shape = shape;
    this.selectedName = name;
  }

  setLayers(infos: LayerInfo[], asked: Record<string, Query>): void {
    this.layers = infos.map((info) => {
      const layer = this.layers.find(({ info: { key } }) => key === info.key) ?? new PointLayer(info);
      layer.info = info;
      layer.asked = asked[info.key] ?? {};
      return layer;
    });
  }

  expire(key: string): void {
    this.layers.find(({ info }) => info.key === key)?.expire();
  }

  /** Brings every layer up to date; calls `changed` as each arrives. */
  async refresh(extent: Extent, changed: () => void): Promise<void> {
    const [low, high] = [extent.zoom, extent.zoom];
    const due = this.layers.filter(({ info }) => info.zooms[0] <= low && high <= info.zooms[1]);
    const done = await Promise.allSettled(
      due.map(async (layer) => {
        if (await layer.refresh(extent)) changed();
      }),
    );
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }

  draw(pen: Pen): void {
    if (this.cover) {
      this.cover.draw(pen, this.palette);
      this.drawPosition(pen);
      return;
    }
    if (this.shape) drawSelected(pen, this.shape, this.palette);
    this.hover?.draw(pen, this.palette);
    const items = this.place(pen);
    this.drawNames(pen, items);
    for (const hit of this.hits) this.drawHit(pen, hit);
    this.beside?.(pen, this.hits, this.palette, this.written.values());
    this.drawPosition(pen);
  }

  private all(): Item[] {
    const items = this.layers.flatMap((layer) => layer.items);
    const { spot } = this;
    if (!spot || items.some((item) => same(item, spot))) return items;
    const layer = this.layers.find(({ info }) => info.key === spot.layer) ?? new PointLayer(unknownLayer(spot.layer));
    return [...items, { ...spot, name: '', count: 1, by: {}, style: layer.style }];
  }

  /** Every row for itself; those counted for one township together, the topmost layer first. */
  private together(): Item[][] {
    const found = new Map<unknown, Item[]>();
    for (const item of this.all()) {
      const key = item.township?.code ?? item;
      found.set(key, [item, ...(found.get(key) ?? [])]);
    }
    return [...found.values()];
  }

  /** Places every row on the canvas and remembers where, worst and southernmost on top. */
  private place(pen: Pen): Box[] {
    this.hits.length = 0;
    const plain = markRadius(pen.zoom, this.palette);
    for (const rows of this.together()) {
      const item = rows[0] as Item;
      const { township } = item;
      const radius = this.radiusOf(rows, plain);
      const at = township ? this.atTownship(pen, township.name, radius) : pen.at(item.lon, item.lat);
      if (!at || at.x < -40 || at.y < -40 || at.x > pen.width + 40 || at.y > pen.height + 40) continue;
      const lift = item.style.form === 'drop' && radius === plain ? DROP_LIFT * radius : 0;
      this.hits.push({ item, rows, x: at.x, y: at.y - lift, radius });
    }
    for (let round = 0; round < 8; round++) this.makeRoom(pen.zoom);
    const rank = (item: Item) => (same(item, this.spot) ? 9 : worse(item));
    this.hits.sort((a, b) => rank(a.item) - rank(b.item) || a.y - b.y);
    return this.hits.map(({ x, y, radius }) => ({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius }));
  }

  private radiusOf(rows: Item[], plain: number): number {
    const item = rows[0] as Item;
    if (isRing({ item })) return ringRadius(rows, item.township !== undefined, this.palette);
    return isPast(item) && !same(item, this.spot) ? plain / 2 : plain;
  }

  /** From afar a single mark that would hide a ring's number steps aside to its edge; two rings share the way apart. */
  private makeRoom(zoom: number): void {
    if (zoom > 14) return;
    const rings = this.hits.filter(isRing);
    const rows = rings.map(({ y }) => y);
    for (const hit of this.hits) for (const ring of rings) if (hit !== ring) stepAside(hit, ring);
    // They part sideways where they would leave the county: what lies over the map is above and below.
    for (const ring of rings) ring.y = Math.max(Math.min(...rows), Math.min(Math.max(...rows), ring.y));
  }

  /** The ring of a township stands above its name. */
  private atTownship(pen: Pen, name: string, radius: number): { x: number; y: number } | null {
    for (const label of this.names()) {
      if (label.kind !== 'township' || (label.text !== name && label.english !== name)) continue;
      const { x, y } = pen.atPlane(label.u, label.v);
      return { x, y: y - radius + 6 };
    }
    return null;
  }

  private drawHit(pen: Pen, { item, rows, x, y, radius }: Hit): void {
    if (isRing({ item })) {
      drawRing(pen.ctx, x, y, radius, rows, this.palette);
      return;
    }
    const selected = same(item, this.spot);
    if (isPast(item) && !selected) drawPast(pen.ctx, x, y, radius, item.status ?? '', this.palette);
    else drawSymbol(pen.ctx, x, y, radius, { ...item, selected }, this.palette);
  }

  private drawNames(pen: Pen, obstacles: Box[]): void {
    const labels: Label[] = [];
    for (const name of this.unnamed ? [] : this.names()) {
      if (name.kind === 'village' && !this.shown.villages) continue;
      if (name.kind === 'township' && !this.shown.townships) continue;
      const { x, y } = pen.atPlane(name.u, name.v);
      if (x < -60 || y < -20 || x > pen.width + 60 || y > pen.height + 20) continue;
      const text = this.english && name.english ? this.short(name.english, pen.zoom) : name.text;
      const below = this.below[name.kind];
      labels.push({ text, kind: name.kind, rank: name.rank, x, y, selected: this.isSelected(name), below });
    }
    this.written = paintLabels(pen.ctx, labels, [...obstacles, ...this.covered(pen)], pen.zoom, this.palette);
  }

  /** Where townships are as near to each other as on a phone, "Fengxi Town" has room for "Fengxi". */
  private short(name: string, zoom: number): string {
    return zoom < SHORT_BELOW ? name.replace(/ (Town|Township|Subdistrict)$/, '') : name;
  }

  /** The edges of the map, over which no name is cut, and what lies over it. */
  private covered({ left, top, width, height }: Pen): Box[] {
    const [down, across] = [
      { y: 0, w: 0, h: height },
      { x: 0, w: width, h: 0 },
    ];
    const edges = [
      { ...down, x: left },
      { ...down, x: width - left },
      { ...across, y: top },
      { ...across, y: height - top },
    ];
    return [...edges, ...this.over().map((box) => ({ ...box, x: box.x + left, y: box.y + top }))];
  }

  private isSelected(name: PlacedName): boolean {
    if (!this.shape || name.text !== this.selectedName || name.kind === 'water') return false;
    const lon = name.u * 360 - 180;
    return lon >= this.shape.bbox[0] && lon <= this.shape.bbox[2];
  }

  private drawPosition({ ctx, at }: Pen): void {
    if (!this.position) return;
    const { x, y } = at(this.position.lon, this.position.lat);
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(x, y, 8, 0, 7);
    ctx.fillStyle = this.palette.get('pri');
    ctx.fill();
    ctx.strokeStyle = this.palette.get('m-casing');
    ctx.lineWidth = 3;
    ctx.stroke();
  }

  /** The topmost row within reach of a pixel of the canvas. */
  hit(x: number, y: number, reach: number): Item | null {
    for (let index = this.hits.length - 1; index >= 0; index--) {
      const hit = this.hits[index];
      if (hit && Math.hypot(hit.x - x, hit.y - y) <= hit.radius + reach) return hit.item;
    }
    return null;
  }

  /** Kind of the name at a pixel of the canvas: pressing a township's name means the township. */
  nameAt(x: number, y: number): string {
    for (const [label, box] of this.written) {
      if (x >= box.x && y >= box.y && x <= box.x + box.w && y <= box.y + box.h) return label.kind;
    }
    return '';
  }

  /** The row nearest to a pixel of the canvas, not farther than `most`. */
  nearest(x: number, y: number, most: number): Item | null {
    let best: Item | null = null;
    let shortest = most;
    for (const hit of this.hits) {
      const away = Math.hypot(hit.x - x, hit.y - y);
      if (away <= shortest) [best, shortest] = [hit.item, away];
    }
    return best;
  }
}

/** A layer that the catalogue does not have: enough of one to draw a selected row. */
function unknownLayer(key: string): LayerInfo {
  return {
    key,
    title: '',
    geometry: 'point',
    order: 0,
    icon: '',
    count: 0,
    counted: false,
    style_by: null,
    legend: [],
    fields: [],
    zooms: [0, 24],
    default_on: false,
    worst_first: false,
    time: null,
  };
}
