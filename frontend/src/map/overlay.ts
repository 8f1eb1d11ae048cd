/** One canvas over the tiles: veil and outline of what is selected, names, marks. Never focusable. */

import { LatLng, type Point, Renderer } from './leaflet';

export interface Pen {
  ctx: CanvasRenderingContext2D;
  zoom: number;
  /** Pixel on the canvas of a position. */
  at(lon: number, lat: number): { x: number; y: number };
  /** Pixel on the canvas of a position in the plane of zoom 0. */
  atPlane(u: number, v: number): { x: number; y: number };
  width: number;
  height: number;
  /** Pixel of the canvas in the upper left corner of the map: the canvas reaches beyond its edges. */
  left: number;
  top: number;
}

type Draw = (pen: Pen) => void;

export class Overlay extends Renderer {
  declare _map: import('leaflet').Map;
  declare _bounds: import('leaflet').Bounds;
  declare _container: HTMLCanvasElement;
  private readonly draw: Draw;
  private frame = 0;

  constructor(draw: Draw) {
    super({ padding: 0.2 });
    this.draw = draw;
  }

  /** Draws again, once per frame at most. */
  invalidate(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this._container && !(this._map as unknown as { _animatingZoom?: boolean })._animatingZoom) this.paint();
    });
  }

  _initContainer(): void {
    this._container = document.createElement('canvas');
    this._container.className = 'overlay';
  }

  _destroyContainer(): void {
    this._container.remove();
  }

  _update(): void {
    if ((this._map as unknown as { _animatingZoom?: boolean })._animatingZoom && this._bounds) return;
    const base = Renderer.prototype as unknown as { _update(): void };
    base._update.call(this);
    const { x, y } = this._bounds.getSize();
    const ratio = Math.min(2, devicePixelRatio || 1);
    const canvas = this._container;
    canvas.width = x * ratio;
    canvas.height = y * ratio;
    canvas.style.width = `${x}px`;
    canvas.style.height = `${y}px`;
    const { x: left, y: top } = this._bounds.min as { x: number; y: number };
    canvas.style.transform = `translate3d(${left}px,${top}px,0)`;
    (canvas as unknown as { _leaflet_pos: unknown })._leaflet_pos = this._bounds.min;
    this.paint();
  }

  private edge(): { left: number; top: number } {
    const { x, y } = this._map.layerPointToContainerPoint(this._bounds.min as Point);
    return { left: -x, top: -y };
  }

  private paint(): void {
    const ctx = this._container.getContext('2d');
    if (!ctx) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const { x: width, y: height } = this._bounds.getSize();
    const corner = this._bounds.min as { x: number; y: number };
    const zoom = this._map.getZoom();
    const origin = this._map.getPixelOrigin();
    const world = 256 * 2 ** zoom;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    this.draw({
      ctx,
      zoom,
      width,
      height,
      ...this.edge(),
      at: (lon, lat) => {
        const point = this._map.latLngToLayerPoint(new LatLng(lat, lon));
        return { x: point.x - corner.x, y: point.y - corner.y };
      },
      atPlane: (u, v) => ({ x: u * world - origin.x - corner.x, y: v * world - origin.y - corner.y }),
    });
  }
}
