/** Roughly where it is: what the public map shows, no more. */

import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import type { OwnReport } from '../../incidents/own';
import { lookOf } from '../../layers/report-status';
import { drops } from '../../map/later/drops';
import type { Sketch } from '../../map/later/sketch';
import { MapView } from '../../map/view';
import { k } from './words';

const INSETS = { top: 0, right: 0, bottom: 0, left: 0 };
export function OwnMap({ of }: { of: OwnReport }) {
  const box = useRef<HTMLElement>(null);
  const shown = useRef(of);
  shown.current = of;
  const sketch = useRef<Sketch | null>(null);
  useEffect(() => sketch.current?.redraw(), [of.status, of.is_overdue]);
  useEffect(() => {
    if (!box.current) return;
    const [lon, lat] = of.lonlat;
    const view = new MapView(box.current, boot.facts?.bbox, { zoom: 15, lon, lat }, INSETS, {});
    view.setLayers([], { villages: true, townships: true }, {});
    sketch.current = drops(view, () => {
      const { lonlat, precision_m, status, is_overdue } = shown.current;
      return [{ lon: lonlat[0], lat: lonlat[1], look: lookOf(status, is_overdue), radius: precision_m / 2, big: true }];
    });
  }, []);
  return (
    <div class="rmap">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section class="map" ref={box} aria-label={k.mapLabel} tabIndex={0} />
    </div>
  );
}
