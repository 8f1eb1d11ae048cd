/** The map of a page with work of its own: made once in its place, with its tools and its foot. */

import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Toolbar } from '../../core/ui/Toolbar';
import { say } from '../../core/ui/toast';
import type { View } from '../../core/url';
import { MapFoot, Zoom } from '../controls';
import type { Insets } from '../fitting';
import { type MapHooks, MapView } from '../view';

interface Props {
  /** The page's map, null until it is made. */
  view: Signal<MapView | null>;
  label: string;
  /** Where it begins; without it, with the whole county. */
  at?: View | null;
  insets: Insets;
  hooks?: MapHooks;
  ready(made: MapView): void;
  /** The tool below nearer and further. */
  tool: { icon: string; label: string; press(made: MapView): void };
  /** Without tools and foot. */
  bare?: boolean;
  /** What lies over the map, below its tools. */
  children?: ComponentChildren;
}

export function MapFrame({ view, label, at = null, insets, hooks, ready, tool, bare, children }: Props) {
  const element = useRef<HTMLElement>(null);
  const metresPerPixel = useSignal(100);
  useEffect(() => {
    if (!element.current) return;
    const made: MapView = new MapView(element.current, boot.facts?.bbox, at, insets, {
      baseFailed: () => say(t.mapFailed),
      ...hooks,
      moved(to) {
        metresPerPixel.value = made.metresPerPixel();
        hooks?.moved?.(to);
      },
    });
    view.value = made;
    metresPerPixel.value = made.metresPerPixel();
    ready(made);
  }, []);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section id="map" class="map" ref={element} aria-label={label} tabIndex={0} />
      {children}
      {!bare && (
        <>
          <Toolbar look="mctl" label={t.mapTools}>
            <Zoom by={(steps) => view.value?.zoomBy(steps)} />
            <button type="button" aria-label={tool.label} onClick={() => view.value && tool.press(view.value)}>
              <Icon name={tool.icon} />
            </button>
          </Toolbar>
          <MapFoot
            base={boot.facts?.base_maps[0]}
            illustrative={boot.facts?.cells_illustrative ?? false}
            mpp={metresPerPixel.value}
          />
        </>
      )}
    </>
  );
}
