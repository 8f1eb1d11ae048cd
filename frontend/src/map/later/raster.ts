/** Base maps of others: image tiles over our own ground, which stays below and is seen again when they fail. */

import { TileLayer } from 'leaflet/src/layer/tile/TileLayer.js';
import type { BaseMapInfo } from '../../core/types';
import type { LeafletMap } from '../leaflet';

/** So many tiles in a row without one that comes: the key is refused or used up, or there is no way there. */
const FAILURES = 6;

/** Puts the tiles of `base` on the map; answers how to take them away. `failed` is called once. */
export function addRaster(map: LeafletMap, base: BaseMapInfo, failed: () => void): () => void {
  let misses = 0;
  const layers = base.tiles.map((url) => {
    const layer = new TileLayer(url, {
      ...(base.servers ? { subdomains: base.servers } : {}),
      maxNativeZoom: base.deepest,
      maxZoom: 18,
      className: 'raster',
    });
    layer.on('tileload', () => {
      misses = 0;
    });
    layer.on('tileerror', () => {
      misses += 1;
      if (misses === FAILURES) failed();
    });
    return layer.addTo(map);
  });
  return () => {
    for (const layer of layers) layer.remove();
  };
}
