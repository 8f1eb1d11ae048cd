/**
 * The one door to Leaflet. Its source modules are taken one by one: popups, markers, vectors, controls and
 * images stay out of the bundle (about 22 KB less), because marks, names and outlines are drawn on one canvas.
 */

import 'leaflet/src/map/handler/Map.DoubleClickZoom.js';
import 'leaflet/src/map/handler/Map.Drag.js';
import 'leaflet/src/map/handler/Map.Keyboard.js';
import 'leaflet/src/map/handler/Map.ScrollWheelZoom.js';
import 'leaflet/src/map/handler/Map.TouchZoom.js';

export { LatLng } from 'leaflet/src/geo/LatLng.js';
export { LatLngBounds } from 'leaflet/src/geo/LatLngBounds.js';
export { Point } from 'leaflet/src/geometry/Point.js';
export { GridLayer } from 'leaflet/src/layer/tile/GridLayer.js';
export { Renderer } from 'leaflet/src/layer/vector/Renderer.js';
export { Map as LeafletMap } from 'leaflet/src/map/Map.js';
