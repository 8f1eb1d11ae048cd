/** A drawing over the map that keeps to its positions: what somebody measures, how sure a position is. */

import { LatLng, type LeafletMap } from '../leaflet';
import type { LonLat } from './geodesy';

const SVG = 'http://www.w3.org/2000/svg';
type At = (point: LonLat) => { x: number; y: number };

export class Sketch {
  private readonly svg = document.createElementNS(SVG, 'svg');
  private readonly map: LeafletMap;
  private readonly draw: (at: At) => void;
  private readonly hide = () => {
    this.svg.style.visibility = 'hidden';
  };

  /** `draw` is called at every move, and calls `shape` for each thing it draws. */
  constructor(map: LeafletMap, kind: string, draw: (sketch: Sketch, at: At) => void) {
    this.map = map;
    this.draw = (at) => draw(this, at);
    this.svg.setAttribute('class', `sketch ${kind}`);
    this.svg.setAttribute('aria-hidden', 'true');
    map.getContainer().append(this.svg);
    map.on('move zoomend resize', this.redraw);
    // While Leaflet stretches the map, this would stand still.
    map.on('zoomanim', this.hide);
    this.redraw();
  }

  readonly redraw = (): void => {
    this.svg.style.visibility = '';
    this.svg.replaceChildren();
    this.draw(([lon, lat]) => this.map.latLngToContainerPoint(new LatLng(lat, lon)));
  };

  shape(name: string, attributes: Record<string, string | number>): void {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    this.svg.append(element);
  }

  remove(): void {
    this.map.off('move zoomend resize', this.redraw);
    this.map.off('zoomanim', this.hide);
    this.svg.remove();
  }
}

/** A circle of `metres` around a position. */
export function circle(map: LeafletMap, [lon, lat]: LonLat, metres: number): Sketch {
  // The length of a degree of latitude, to 0.6 %: how sure a position is is not known better.
  const edge = [lon, lat + metres / 111_320] as const;
  return new Sketch(map, 'sure', (sketch, at) => {
    const { x, y } = at([lon, lat]);
    sketch.shape('circle', { cx: x, cy: y, r: y - at(edge).y });
  });
}
