/** The map as the pages see it. Only this folder knows Leaflet. */

import { effect } from '@preact/signals';
import type { Query } from '../core/api';
import { dark, large } from '../core/prefs';
import type { BaseMapInfo, BBox, LayerInfo } from '../core/types';
import type { View } from '../core/url';
import { BaseMap, type Shown, sharpZoom } from './basemap';
import { FittedMap, fitted, type Insets } from './fitting';
import { LatLng, LatLngBounds, Point } from './leaflet';
import { Overlay } from './overlay';
import { fitPaper } from './paper';
import type { Extent, Item } from './points';
import { type Cover, Scene, type Spot } from './scene';
import type { Shape } from './shapes';

/** What is under the mouse, and where on the map that is. */
export interface Tip {
  text: string;
  item: Item;
  x: number;
  y: number;
}

/** What a page does when something happens on its map; what it does not say does nothing. */
export interface MapHooks {
  /** A row of a layer was chosen. */
  picked?(item: Item): void;
  /** The ground was chosen, no row was there; `name` is the kind of the name that was hit, if any. */
  ground?(lon: number, lat: number, name: string): void;
  moved?(view: View): void;
  /** What is under the mouse, for the tip; null for nothing. */
  pointed?(tip: Tip | null): void;
  baseFailed?(): void;
  dataFailed?(error: unknown): void;
  /** The first rows or tiles are on the screen, or the figures by area in their place. */
  drawn?(): void;
}

const CLOSE_ENOUGH = 48;
/** How much of a zoom step may hang over the edges: better than to be drawn at half the size. */
const SPILL = 0.08;
/** Pixels within which a centre is still the one that was asked for: maps move by whole ones. */
const STILL = 2;
/** The whole country, where no county is known. */
const CHINA: BBox = [73, 18, 135, 54];
const bounds = ([w, s, e, n]: BBox) => new LatLngBounds(new LatLng(s, w), new LatLng(n, e));

export class MapView {
  readonly scene: Scene;
  /** For `map/later` only. */
  readonly map: FittedMap;
  private readonly base: BaseMap;
  private readonly overlay: Overlay;
  private readonly hooks: MapHooks;
  private readonly county: BBox;
  private removeRaster: (() => void) | undefined;
  /** Pictures and the names in them are sharp at whole zooms only. */
  private wholeZooms = false;
  private hovering: Promise<void> | undefined;
  private last: { centre: LatLng; zoom: number; again(): void } | undefined;
  private insets: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

  constructor(
    element: HTMLElement,
    county: BBox | null | undefined,
    view: View | null,
    insets: Insets,
    hooks: MapHooks,
  ) {
    this.hooks = hooks;
    this.county = county ?? CHINA;
    this.insets = insets;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const area = bounds(this.county);
    this.map = new FittedMap(element, {
      zoomControl: false,
      attributionControl: false,
      trackResize: false, // `listen` does
      fadeAnimation: false,
      zoomAnimation: !calm,
      inertia: !calm,
      maxZoom: 18,
      maxBoundsViscosity: 0.6,
    });
    this.map.stayNear(area);
    // No national overview is ever drawn: the least zoom is the one that shows the county.
    const least = Math.max(7, this.map.getBoundsZoom(area, false) - 1);
    this.map.setMinZoom(least);
    this.base = new BaseMap(
      () => this.overlay.invalidate(),
      () => hooks.baseFailed?.(),
    );
    this.scene = new Scene(() => this.base.placedNames());
    this.overlay = new Overlay((pen) => this.scene.draw(pen));
    if (view) this.show({ ...view, zoom: Math.max(least, Math.min(18, view.zoom)) });
    else {
      this.map.setView(area.getCenter(), least + 1, { animate: false });
      this.fit(this.county, { animate: false, whole: true, fill: Boolean(insets.fill) });
    }
    this.base.addTo(this.map);
    this.overlay.addTo(this.map);
    this.listen(element);
    this.followReader(element);
  }

  /** Colours and room are the reader's, for as long as the map is in the page: after that nothing holds it. */
  private followReader(element: HTMLElement): void {
    let first = true;
    const stop = effect(() => {
      void [dark.value, large.value];
      if (!first) requestAnimationFrame(() => this.recolour());
      first = false;
    });
    new ResizeObserver(() => {
      if (!element.isConnected) stop();
      if (!element.isConnected || matchMedia('print').matches) return; // paper shows what the screen did
      this.resized();
      this.forPaper();
    }).observe(element);
  }

  private listen(element: HTMLElement): void {
    this.map.on('moveend', () => this.moved());
    this.map.on('click', ({ containerPoint, latlng, originalEvent }) => {
      const reach = (originalEvent as PointerEvent).pointerType === 'mouse' ? 2 : 10;
      const at = this.onCanvas(containerPoint);
      this.open(latlng, this.scene.hit(at.x, at.y, reach), () => this.scene.nameAt(at.x, at.y));
    });
    if (matchMedia('(hover: hover)').matches) {
      this.map.on('mousemove', ({ containerPoint, latlng }) => this.point(containerPoint, latlng));
      this.map.on('mouseout', () => this.unpoint());
    }
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target === element) this.openCentre();
    });
  }

  private resized(): void {
    const [before, centre] = [this.map.getSize(), this.map.getCenter()];
    this.map.invalidateSize({ animate: false });
    if (!before.equals(this.map.getSize())) this.refit(centre);
  }

  /** What was fitted is fitted again, in the room there is now, unless the reader has moved the map since. */
  refit(centre = this.map.getCenter()): void {
    const { last, map } = this;
    if (last?.zoom === this.zoom && map.project(centre).distanceTo(map.project(last.centre)) < STILL) last.again();
  }

  /** Pixel of the overlay's canvas, which is larger than the window and starts outside it. */
  private onCanvas(point: Point): Point {
    const corner = this.overlay._bounds.min as Point;
    return this.map.containerPointToLayerPoint(point).subtract(corner);
  }

  private point(containerPoint: Point, { lng, lat }: LatLng): void {
    const { cover } = this.scene;
    if (cover) {
      this.map.getContainer().classList.toggle('over', Boolean(cover.at(lng, lat)));
      return;
    }
    const at = this.onCanvas(containerPoint);
    const item = this.scene.hit(at.x, at.y, 2);
    const plane = this.map.project(new LatLng(lat, lng), 0).divideBy(256);
    const code = item ? '' : this.village(plane);
    if (this.scene.hover?.set(code)) this.overlay.invalidate();
    this.map.getContainer().classList.toggle('over', Boolean(item || code));
    this.hooks.pointed?.(item?.name ? { text: item.name, item, x: containerPoint.x, y: containerPoint.y } : null);
  }

  private village({ x, y }: Point): string {
    const { hover } = this.scene;
    if (hover) return hover.find(x, y, this.map.getZoom());
    this.hovering ??= import('./later/hover').then(
      ({ HoverIndex }) => {
        this.scene.hover = new HoverIndex();
      },
      () => undefined, // without it the map still answers clicks
    );
    return '';
  }

  private unpoint(): void {
    if (this.scene.hover?.set('')) this.overlay.invalidate();
    this.hooks.pointed?.(null);
  }

  private openCentre(): void {
    const middle = this.visibleMiddle();
    const at = this.onCanvas(middle);
    this.open(this.map.containerPointToLatLng(middle), this.scene.nearest(at.x, at.y, CLOSE_ENOUGH));
  }

  private open({ lat, lng }: LatLng, item: Item | null, name = () => ''): void {
    const { cover } = this.scene;
    if (cover) cover.at(lng, lat)?.();
    else if (item) this.hooks.picked?.(item);
    else this.hooks.ground?.(lng, lat, name());
  }

  private visibleMiddle(): Point {
    const { x, y } = this.map.getSize();
    const { top, right, bottom, left } = this.insets;
    return new Point((left + x - right) / 2, (top + y - bottom) / 2);
  }

  private moved(): void {
    const { lat, lng } = this.map.getCenter();
    this.hooks.moved?.({ zoom: this.map.getZoom(), lat, lon: lng });
    void this.refresh();
  }

  /** Loads what the layers that are on have to show here. */
  async refresh(): Promise<void> {
    if (this.scene.cover) return;
    try {
      await this.scene.refresh(this.extent(), () => {
        this.overlay.invalidate();
        requestAnimationFrame(() => this.hooks.drawn?.());
      });
    } catch (error) {
      this.hooks.dataFailed?.(error);
    }
  }

  private extent(): Extent {
    const { zoom } = this;
    const area = bounds(this.county);
    const corner = this.map.project(area.getNorthWest(), zoom);
    const size = this.map.project(area.getSouthEast(), zoom).subtract(corner);
    return { bbox: this.seen(), zoom: Math.floor(zoom), area: size.x * size.y * 0.75 };
  }

  /** What the map shows. */
  seen(): BBox {
    const seen = this.map.getBounds();
    return [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
  }

  /** `asked` are the filters and the time of each layer, as its addresses take them. */
  setLayers(infos: LayerInfo[], shown: Shown, asked: Record<string, Query>): void {
    this.scene.setLayers(infos, asked);
    this.scene.shown = shown;
    this.base.show(shown);
    this.overlay.invalidate();
    void this.refresh();
  }

  /** A layer has changed: its rows are asked for again. */
  reload(key: string): void {
    this.scene.expire(key);
    void this.refresh();
  }

  /** The network is back: asks again for what failed. */
  again(): void {
    this.base.redraw();
    void this.refresh();
  }

  private recolour(): void {
    this.scene.recolour();
    this.base.repaint();
    this.overlay.invalidate();
  }

  private takeAway(): void {
    this.removeRaster?.();
    this.removeRaster = undefined;
  }

  /** Puts a base map of others over ours, or takes it away; `failed` is called when its tiles do not come. */
  async setRaster(base: BaseMapInfo | null, failed: () => void): Promise<void> {
    this.takeAway();
    // It has names of its own.
    this.scene.unnamed = this.wholeZooms = Boolean(base);
    this.refit();
    if (base && this.zoom % 1) this.map.setZoom(Math.round(this.zoom));
    this.overlay.invalidate();
    if (!base) return;
    const { addRaster } = await import('./later/raster');
    this.takeAway();
    this.removeRaster = addRaster(this.map, base, failed);
  }

  /** Figures by area instead of marks and names; null brings those back. */
  setCover(cover: Cover | null): void {
    this.scene.cover = cover;
    this.overlay.invalidate();
    if (cover) requestAnimationFrame(() => this.hooks.drawn?.());
    else void this.refresh();
  }

  /** What is written beside the marks; null for nothing. */
  setBeside(beside: Scene['beside']): void {
    this.scene.beside = beside;
    this.overlay.invalidate();
  }

  select(shape: Shape | null, name: string, spot: Spot | null): void {
    this.scene.select(shape, name);
    this.scene.spot = spot;
    this.overlay.invalidate();
  }

  setInsets(insets: Insets): void {
    this.insets = insets;
    this.forPaper();
  }

  private forPaper(): void {
    fitPaper(this.map.getContainer(), this.map.getSize(), this.insets, this.visibleMiddle());
  }

  /**
   * Shows an area where nothing lies over it. `whole` is the county, which fills the room there is, at a zoom between
   * two; anything else is shown at a whole one, at which names and marks are what they are everywhere.
   */
  fit(bbox: BBox, { animate = true, most = 16, whole = false, fill = false } = {}): void {
    const area = bounds(bbox);
    const corner = this.map.project(area.getNorthWest(), 0);
    const size = this.map.project(area.getSouthEast(), 0).subtract(corner);
    const { zoom: room, middle } = fitted(size, this.map.getSize(), this.insets, fill);
    const step = whole && !this.wholeZooms ? room : Math.floor(Math.min(most, room + SPILL));
    const zoom = sharpZoom(Math.max(this.map.getMinZoom(), Math.min(most, step)));
    const centre = this.centreFor(this.map.unproject(corner.add(size.divideBy(2)), 0), zoom, middle(zoom));
    this.setView(centre, zoom, animate);
    this.last = { centre, zoom, again: () => this.fit(bbox, { animate: false, most, whole, fill }) };
  }

  private setView(centre: LatLng, zoom: number, animate: boolean): void {
    this.map.fitted = zoom;
    this.map.setView(centre, zoom, { animate });
  }

  /** Centre of the map that brings a position to a pixel, or into the middle of what is seen. */
  private centreFor(position: LatLng, zoom: number, pixel = this.visibleMiddle()): LatLng {
    const offset = pixel.subtract(this.map.getSize().divideBy(2));
    return this.map.unproject(this.map.project(position, zoom).subtract(offset), zoom);
  }

  /** Brings a position into the middle of what is seen, at least at zoom `least`. */
  goTo(lon: number, lat: number, least: number): void {
    const zoom = Math.max(least, this.map.getZoom());
    this.map.setView(this.centreFor(new LatLng(lat, lon), zoom), zoom);
  }

  show({ zoom, lat, lon }: View): void {
    this.setView(new LatLng(lat, lon), sharpZoom(zoom), false);
  }

  whole(): void {
    this.fit(this.county, { whole: true });
  }

  zoomBy(steps: number): void {
    const { zoom } = this;
    this.map.setZoom((steps > 0 ? Math.floor(zoom) : Math.ceil(zoom)) + steps);
  }

  isSeen(lon: number, lat: number): boolean {
    const { x, y } = this.map.latLngToContainerPoint(new LatLng(lat, lon));
    const size = this.map.getSize();
    const { top, right, bottom, left } = this.insets;
    return x > left + 24 && y > top + 24 && x < size.x - right - 24 && y < size.y - bottom - 24;
  }

  /** Shows where the reader stands, and all of `around`, within which that is sure. */
  setPosition(lon: number, lat: number, around: BBox): void {
    this.scene.position = { lon, lat };
    this.fit(around, { most: Math.max(14, Math.floor(this.zoom)) });
    this.overlay.invalidate();
  }

  /** Shows a position, and brings it into view when it is outside. */
  mark(lon: number, lat: number): void {
    this.scene.position = { lon, lat };
    if (!this.isSeen(lon, lat)) this.goTo(lon, lat, 14);
    this.overlay.invalidate();
  }

  middle(): { lon: number; lat: number } {
    const { lat, lng } = this.map.containerPointToLatLng(this.visibleMiddle());
    return { lon: lng, lat };
  }

  get zoom(): number {
    return this.map.getZoom();
  }

  /** Metres of one pixel in the middle of the map. */
  metresPerPixel(): number {
    const { lat } = this.map.getCenter();
    return (40075016.686 * Math.cos((lat * Math.PI) / 180)) / 2 ** (this.map.getZoom() + 8);
  }
}
