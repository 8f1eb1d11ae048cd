/** The base map: our own vector tiles, drawn on canvases of 512 px. No request leaves the host. */

import type { Coords, DoneCallback } from 'leaflet';
import { paintTile, TILE_EXTENT, type TileLayers } from '../layers/basemap';
import type { Label } from '../layers/labels';
import { Palette } from '../layers/palette';
import { GridLayer } from './leaflet';
import { type Place, TileStore } from './tiles';

const SIZE = 512;
/** The server makes tiles down to here; 512 px tiles serve the map zoom one deeper than their own. */
const DEEPEST = 14;

/** How many zooms above its own a tile is taken from, where its own does not come: a village is then seen from the county. */
const ABOVE = 5;

/**
 * A zoom to two decimals, as addresses have it, moved to where the sides of tiles are whole pixels: between whole
 * zooms tiles are painted as large as they are shown, and meet without seams.
 */
export function sharpZoom(zoom: number): number {
  const [whole, near] = [Math.round(zoom), Math.round(zoom * 100) / 100];
  return whole + Math.log2(Math.round(SIZE * 2 ** (near - whole)) / SIZE);
}

export interface Shown {
  villages: boolean;
  townships: boolean;
}

/** A name with its place in the plane of zoom 0, where the world is one unit wide. */
export interface PlacedName extends Omit<Label, 'x' | 'y'> {
  u: number;
  v: number;
  english: string;
}

interface Drawn {
  canvas: HTMLCanvasElement;
  coords: Coords;
  /** The tile it is painted from, once that is here. */
  place?: Place;
  layers?: TileLayers;
}

export class BaseMap extends GridLayer {
  private readonly store = new TileStore('/api/basemap/tiles', DEEPEST);
  private readonly drawn = new Map<HTMLElement, Drawn>();
  private readonly names = new Map<string, PlacedName>();
  private palette = new Palette();
  private shown: Shown = { villages: true, townships: true };
  private readonly changed: () => void;
  private readonly failed: () => void;

  /**
   * @param changed called when names or tiles have changed.
   * @param failed called when a tile could not be had.
   */
  constructor(changed: () => void, failed: () => void) {
    super({ tileSize: SIZE, updateWhenZooming: false, keepBuffer: 1, className: 'base', maxZoom: 18 });
    this.changed = changed;
    this.failed = failed;
    this.on('tileunload', (event) => this.drawn.delete(event.tile));
    this.on('add', () => this._map.on('zoomend', this.sharpen, this));
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement('canvas');
    const drawn: Drawn = { canvas, coords };
    this.drawn.set(canvas, drawn);
    this.take(drawn).then(
      () => {
        this.paint(drawn);
        done(undefined, canvas);
        this.changed();
      },
      (error: Error) => {
        done(error, canvas);
        this.failed();
      },
    );
    return canvas;
  }

  /** Where a tile does not come, a part of one of the tiles above it is better than nothing: without network some are kept. */
  private async take(drawn: Drawn, up = 0): Promise<void> {
    const { x, y, z } = drawn.coords;
    const place = this.store.place(z - 1, x, y, up);
    try {
      drawn.layers = await this.store.get(place.key);
      drawn.place = place;
      this.collect(place.key, drawn.layers);
    } catch (error) {
      if (up === ABOVE) throw error;
      await this.take(drawn, up + 1);
    }
  }

  /** Shows or hides the lines of villages and townships. */
  show(shown: Shown): void {
    const { villages, townships } = this.shown;
    if (villages === shown.villages && townships === shown.townships) return;
    this.shown = shown;
    this.repaint();
  }

  /** Draws every tile again, in the colours that are in force now. */
  repaint(): void {
    this.palette = new Palette();
    for (const drawn of this.drawn.values()) this.paint(drawn);
  }

  placedNames(): Iterable<PlacedName> {
    return this.names.values();
  }

  /** Pixels of the screen along the side of a tile, at the zoom that is shown. */
  private sideOf({ z }: Coords): number {
    const zoom = this._map.getZoom();
    const near = Math.round(zoom) === z ? zoom - z : 0;
    return Math.round(SIZE * 2 ** near) * Math.min(2, devicePixelRatio || 1);
  }

  /** Between two zooms tiles are shown smaller or larger than they are: paints those anew that are not as large now. */
  private sharpen(): void {
    for (const drawn of this.drawn.values()) {
      if (drawn.canvas.width !== this.sideOf(drawn.coords)) this.paint(drawn);
    }
  }

  private paint({ canvas, coords, layers, place }: Drawn): void {
    const ctx = canvas.getContext('2d');
    if (!ctx || !layers || !place) return;
    const { deeper, column, row } = place;
    const ratio = this.sideOf(coords) / SIZE;
    // Setting the size clears the canvas.
    canvas.width = canvas.height = SIZE * ratio;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.translate(-column * SIZE, -row * SIZE);
    paintTile({
      ctx,
      layers,
      palette: this.palette,
      zoom: coords.z,
      unit: (SIZE << deeper) / TILE_EXTENT,
      view: { x: column * SIZE, y: row * SIZE, size: SIZE },
      ...this.shown,
    });
  }

  /** Names of a tile; one name comes with several tiles and several zooms, and is kept once. */
  private collect(key: string, layers: TileLayers): void {
    const layer = layers.label;
    if (!layer) return;
    const [z = 0, column = 0, row = 0] = key.split('/').map(Number);
    const world = 2 ** z;
    for (const { type, properties: p, lines } of layer) {
      const point = lines[0]?.[0];
      if (!point || type !== 'point') continue;
      const name: PlacedName = {
        text: String(p.name ?? ''),
        english: String(p.name_en ?? ''),
        kind: String(p.kind ?? 'village'),
        rank: Number(p.rank ?? 9),
        u: (column + point.x / TILE_EXTENT) / world,
        v: (row + point.y / TILE_EXTENT) / world,
      };
      this.names.set(`${name.kind} ${name.text} ${name.u.toFixed(4)} ${name.v.toFixed(4)}`, name);
    }
  }
}
