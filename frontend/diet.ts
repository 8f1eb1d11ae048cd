/**
 * Methods of libraries that nobody calls, left out of the bundle: classes cannot be shaken by a bundler. The build
 * fails when a name is gone from its library, and when anything that was built still asks for one: a new use of
 * `flyTo` is told to take it off this list, not left to fail in a browser.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** By the end of the module's path. */
const UNUSED: Record<string, string[]> = {
  'leaflet/src/map/Map.js': [
    ...['fitBounds', 'fitWorld', 'flyTo', 'flyToBounds', 'panInside', 'setMaxZoom', 'getPanes', 'zoomIn', 'zoomOut'],
    ...['locate', '_handleGeolocationError', '_handleGeolocationResponse'],
    ...['_latLngToNewLayerPoint', '_latLngBoundsToNewLayerBounds', '_getBoundsCenterZoom'],
  ],
  'leaflet/src/layer/tile/GridLayer.js': [
    'bringToFront',
    'bringToBack',
    'setOpacity',
    'setZIndex',
    'isLoading',
    '_setAutoZIndex',
    '_keyToBounds',
  ],
  'leaflet/src/layer/Layer.js': ['addInteractiveTarget', 'removeInteractiveTarget', 'getAttribution', 'eachLayer'],
  // The last two are of `worldCopyJump`, which no map here has: a county is seen once.
  'leaflet/src/map/handler/Map.Drag.js': ['moving', '_onPreDragWrap', '_onZoomEnd'],
  'leaflet/src/layer/tile/TileLayer.js': ['setUrl'],
  'leaflet/src/core/Events.js': ['addEventParent', 'removeEventParent'],
  'leaflet/src/geometry/Bounds.js': ['intersects'],
  'leaflet/src/geo/LatLngBounds.js': ['toBBoxString', 'intersects'],
  'leaflet/src/geo/LatLng.js': ['wrap', 'toBounds'],
  'pbf/index.js': [
    ...[
      'nextField',
      'readFields',
      'readMessage',
      'readBytes',
      'readPackedVarint',
      'readPackedSVarint',
      'readPackedBoolean',
    ],
    ...['readFixed32', 'readSFixed32', 'readPackedFixed64', 'readPackedSFixed64', 'readFixed64', 'readSFixed64'],
    ...['readPackedFloat', 'readPackedDouble', 'readPackedFixed32', 'readPackedSFixed32'],
  ],
  '@mapbox/vector-tile/index.js': ['toGeoJSON', 'bbox'],
  '@mapbox/point-geometry/index.js': [
    ...['multByPoint', '_multByPoint', 'divByPoint', '_divByPoint', 'mult', '_mult', 'rotate', '_rotate'],
    ...['rotateAround', '_rotateAround', 'matMult', '_matMult', 'perp', '_perp', 'unit', '_unit', 'mag'],
    ...['dist', 'distSqr', 'angle', 'angleTo', 'angleWith', 'angleWithSep'],
  ],
};

/** `Browser.…` in Leaflet, for all browsers that we build for; what differs is asked of `src/map/browser.ts`. */
const BROWSER: Record<string, boolean> = {
  any3d: true,
  canvas: true,
  passiveEvents: true,
  pointer: true,
  svg: true,
  touch: true,
  edge: false,
  ie3d: false,
  ielt9: false,
  mobileOpera: false,
  msPointer: false,
  safari: false,
  vml: false,
};
const DIFFERENT = readFileSync(new URL('src/map/browser.ts', import.meta.url), 'utf8');

function known(code: string, id: string): string {
  return code.replace(/\bBrowser\.(\w+)/g, (asked, name: string) => {
    if (name in BROWSER) return String(BROWSER[name]);
    if (DIFFERENT.includes(` ${name}: `)) return asked;
    throw new Error(`${id} asks for ${asked}: answer it in diet.ts or src/map/browser.ts`);
  });
}

interface Node {
  type: string;
  start: number;
  end: number;
  key?: { name?: string };
  value?: { type?: string };
  [part: string]: unknown;
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  else if (node && typeof node === 'object') {
    if ('type' in node) visit(node as Node);
    for (const part of Object.values(node)) if (part && typeof part === 'object') walk(part, visit);
  }
}

const isMethod = ({ type, value }: Node) =>
  (type === 'Property' || type === 'MethodDefinition') && value?.type === 'FunctionExpression';

function without(code: string, program: unknown, names: string[], id: string): string {
  const cuts: Node[] = [];
  walk(program, (node) => isMethod(node) && names.includes(node.key?.name ?? '') && cuts.push(node));
  const missing = names.filter((name) => !cuts.some(({ key }) => key?.name === name));
  if (missing.length) throw new Error(`${id} has no ${missing.join(', ')}: take it off diet.ts`);
  let kept = code;
  for (const { start, end } of cuts.sort((a, b) => b.start - a.start)) {
    kept = kept.slice(0, start) + kept.slice(end).replace(/^\s*,/, '');
  }
  return kept;
}

export function diet(): Plugin {
  return {
    name: 'diet',
    enforce: 'pre',
    resolveId(asked, from) {
      const ours = asked.endsWith('core/Browser') || (asked === './Browser' && from?.includes('/leaflet/'));
      return ours ? fileURLToPath(new URL('src/map/browser.ts', import.meta.url)) : null;
    },
    transform(code, id) {
      if (!id.includes('/node_modules/')) return null;
      const told = id.includes('/leaflet/src/') ? known(code, id) : code;
      const module = Object.keys(UNUSED).find((path) => id.endsWith(path));
      return { code: module ? without(told, this.parse(told), UNUSED[module] ?? [], id) : told, map: null };
    },
    generateBundle(_options, bundle) {
      const names = Object.values(UNUSED).flat();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const asked = names.filter((name) => new RegExp(`\\.${name}\\(`).test(chunk.code));
        if (asked.length) throw new Error(`${chunk.fileName} asks for ${asked.join(', ')}: take it off diet.ts`);
      }
    },
  };
}
