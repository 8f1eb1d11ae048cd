/** Two scenes of one place over the map: swiped or blinked, as pictures or as an index. */

import { TileLayer } from 'leaflet/src/layer/tile/TileLayer.js';
import type { BBox } from '../../core/types';
import { LatLng, type LeafletMap, type Point } from '../leaflet';
import { Sketch } from './sketch';

export type Look = 'swipe' | 'blink' | 'index';

/** What is shown of one place; pictures lie over the tiles, which only give the surroundings. */
export interface Pair {
  bbox: BBox;
  /** Rings of the outline, lon lat. */
  rings: number[][][];
  before: Side;
  after: Side;
}

export interface Side {
  /** The small picture made beforehand, '' where there is none. */
  picture: string;
  /** Address of the scene's tiles with {z}/{x}/{y}. */
  tiles: string;
  /** The same, drawn as an index of vegetation. */
  index: string;
  /** Deepest zoom at which the scene has pixels of its own. */
  deepest: number;
}

const PANES = ['before', 'after'] as const;
type Pane = (typeof PANES)[number];

export class Compare {
  private readonly map: LeafletMap;
  private readonly outline: Sketch;
  private layers: { remove(): unknown }[] = [];
  private pictures: { image: HTMLImageElement; corners: [LatLng, LatLng] }[] = [];
  private pair: Pair | null = null;
  private look: Look = 'swipe';
  private share = 0.5;
  private isBefore = false;
  private isOutlined = true;

  constructor(map: LeafletMap) {
    this.map = map;
    PANES.forEach((name, index) => {
      const pane = map.createPane(name);
      // Over the base map's tiles (200), under the canvas of marks (400).
      pane.style.zIndex = String(250 + index * 10);
      pane.style.pointerEvents = 'none';
    });
    this.outline = new Sketch(map, 'outline', (sketch, at) => this.trace(sketch, at));
    map.on('move zoomend resize', () => this.cut());
  }

  show(pair: Pair | null): void {
    this.pair = pair;
    this.isBefore = false;
    this.lay();
    this.outline.redraw();
  }

  /** Puts the pictures of the pair on the map, in place of what was there. */
  private lay(): void {
    for (const layer of this.layers) layer.remove();
    this.layers = [];
    this.pictures = [];
    for (const pane of PANES) if (this.pair) this.put(pane, this.pair[pane], this.pair.bbox);
    this.cut();
  }

  /** How the two are compared; `share` of the width, 0 to 1, belongs to the earlier one. */
  set(look: Look, share: number): void {
    const isOther = (look === 'index') !== (this.look === 'index');
    this.look = look;
    this.share = share;
    this.isBefore = false;
    if (isOther) this.lay();
    else this.cut();
  }

  /** Shows the other of the two. */
  blink(): boolean {
    this.isBefore = !this.isBefore;
    this.cut();
    return this.isBefore;
  }

  setOutline(on: boolean): void {
    this.isOutlined = on;
    this.outline.redraw();
  }

  private put(pane: Pane, { picture, tiles, index, deepest }: Side, [west, south, east, north]: BBox): void {
    const isIndex = this.look === 'index';
    const url = isIndex ? index : tiles;
    this.layers.push(
      new TileLayer(url, { pane, maxNativeZoom: deepest, maxZoom: 22, className: 'scene' }).addTo(this.map),
    );
    if (isIndex || !picture) return;
    const image = new Image();
    image.src = picture;
    image.alt = '';
    image.className = 'chip-picture';
    this.map.getPane(pane)?.append(image);
    this.layers.push(image);
    this.pictures.push({ image, corners: [new LatLng(north, west), new LatLng(south, east)] });
  }

  /** Pictures lie where their ground is. */
  private place(): void {
    for (const { image, corners } of this.pictures) {
      const [from, to] = corners.map((corner) => this.map.latLngToLayerPoint(corner)) as [Point, Point];
      image.style.transform = `translate3d(${from.x}px,${from.y}px,0)`;
      image.style.width = `${to.x - from.x}px`;
      image.style.height = `${to.y - from.y}px`;
    }
  }

  /** The later scene is cut at the line; the two lie exactly over each other. */
  private cut(): void {
    const { map } = this;
    const size = map.getSize();
    this.place();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const style = (name: Pane) => (map.getPane(name) as HTMLElement).style;
    const line = corner.x + (this.look === 'blink' ? 0 : this.share * size.x);
    const [top, right, bottom] = [corner.y, corner.x + size.x, corner.y + size.y];
    style('after').clipPath =
      `polygon(${line}px ${top}px,${right}px ${top}px,${right}px ${bottom}px,${line}px ${bottom}px)`;
    style('after').visibility = this.look === 'blink' && this.isBefore ? 'hidden' : '';
  }

  private trace(sketch: Sketch, at: (point: readonly [number, number]) => { x: number; y: number }): void {
    if (!this.isOutlined) return;
    for (const ring of this.pair?.rings ?? []) {
      const points = ring.map(([lon = 0, lat = 0]) => at([lon, lat])).map(({ x, y }) => `${x},${y}`);
      sketch.shape('polygon', { points: points.join(' '), class: 'casing' });
      sketch.shape('polygon', { points: points.join(' ') });
    }
  }
}
