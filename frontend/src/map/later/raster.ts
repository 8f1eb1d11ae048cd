/** Base maps of others: image tiles over our own ground, which stays below and is seen again when they fail. */

import { TileLayer } from 'leaflet/src/layer/tile/TileLayer.js';
import type { BaseMapInfo } from '../../core/types';
import type { LeafletMap } from '../leaflet';

/** So many tiles in a row without one that comes: the key is refused or used up, or there is no way there. */
const FAILURES = 6;

/**
 * Puts the tiles of `base` on the map; answers how to take them away. `failed` is called once, as soon as one of its
 * layers is refused: names that do not come leave a map without any. A small frame has fewer tiles than make a row:
 * there it is a first view of which nothing came.
 */
export function addRaster(map: LeafletMap, base: BaseMapInfo, failed: () => void): () => void {
  let told = false;
  const refused = () => {
    // The layer is still at work on this tile, and `failed` takes it away.
    if (!told) queueMicrotask(failed);
    told = true;
  };
  const layers = base.tiles.map((url) => {
    const layer = new TileLayer(url, {
      ...(base.servers ? { subdomains: base.servers } : {}),
      maxNativeZoom: base.deepest,
      maxZoom: 18,
      className: 'raster',
      // Keys are bound to a site, and OpenStreetMap asks who comes: they hear our host, never what is looked at.
      referrerPolicy: 'strict-origin',
    });
    let [came, missed] = [false, 0];
    layer.on('tileload', () => {
      [came, missed] = [true, 0];
    });
    layer.on('tileerror', () => {
      missed += 1;
      if (missed === FAILURES) refused();
    });
    layer.on('load', () => {
      if (!came) refused();
    });
    return layer.addTo(map);
  });
  return () => {
    for (const layer of layers) layer.remove();
  };
}
