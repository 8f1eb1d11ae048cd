/** Vector tiles of one source: fetched once, decoded once, the least used dropped. */

import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { getBytes } from '../core/api';
import { TILE_EXTENT, type TileLayers } from '../layers/basemap';

const KEPT = 96;
const TYPES = ['point', 'point', 'line', 'polygon'] as const;

function decode(tile: VectorTile): TileLayers {
  const decoded: TileLayers = {};
  for (const [name, layer] of Object.entries(tile.layers)) {
    const scale = TILE_EXTENT / layer.extent;
    decoded[name] = Array.from({ length: layer.length }, (_, index) => {
      const feature = layer.feature(index);
      const lines = feature.loadGeometry();
      for (const point of scale === 1 ? [] : lines.flat()) {
        point.x *= scale;
        point.y *= scale;
      }
      return { type: TYPES[feature.type], properties: feature.properties, lines };
    });
  }
  return decoded;
}

/** A tile and the part of it that stands for a deeper address. */
export interface Place {
  key: string;
  /** How many zooms the address is deeper than the tile. */
  deeper: number;
  /** Column and row inside the tile, at the deeper zoom. */
  column: number;
  row: number;
}

export class TileStore {
  private readonly kept = new Map<string, { asked: Promise<TileLayers>; layers?: TileLayers }>();
  private readonly path: string;
  private readonly deepest: number;

  /**
   * @param path address up to `/tiles`.
   * @param deepest zoom of the last tiles the server makes; deeper views are drawn from them.
   */
  constructor(path: string, deepest: number) {
    this.path = path;
    this.deepest = deepest;
  }

  /** @param up how many zooms above the wanted one the tile is taken from at least. */
  place(z: number, x: number, y: number, up = 0): Place {
    const deeper = Math.max(up, z - this.deepest);
    const [column, row] = [x >> deeper, y >> deeper];
    return {
      key: `${z - deeper}/${column}/${row}`,
      deeper,
      column: x - (column << deeper),
      row: y - (row << deeper),
    };
  }

  get(key: string): Promise<TileLayers> {
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.asked;
    }
    const entry: { asked: Promise<TileLayers>; layers?: TileLayers } = { asked: this.fetch(key) };
    entry.asked.then(
      (layers) => {
        entry.layers = layers;
      },
      () => this.kept.delete(key),
    );
    this.kept.set(key, entry);
    const oldest = this.kept.keys().next();
    if (this.kept.size > KEPT && !oldest.done) this.kept.delete(oldest.value);
    return entry.asked;
  }

  /** The tile, if it is already here. */
  peek(key: string): TileLayers | undefined {
    return this.kept.get(key)?.layers;
  }

  private async fetch(key: string): Promise<TileLayers> {
    const bytes = await getBytes(`${this.path}/${key}.mvt`);
    return bytes.byteLength ? decode(new VectorTile(new PbfReader(bytes))) : {};
  }
}
