/** The map of the page: the layer of devices, by its own colours, and the one that is open. */

import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { version } from '../../core/live';
import { wide } from '../../core/media';
import type { BBox } from '../../core/types';
import { Toolbar } from '../../core/ui/Toolbar';
import { say } from '../../core/ui/toast';
import { askedView, select, showView } from '../../core/url';
import { followValues, LAYER } from '../../devices/values';
import { pointStyle } from '../../layers/styles';
import { MapFoot, Zoom } from '../../map/controls';
import { MapView } from '../../map/view';
import { device, layer, openId, shownStates } from './store';
import { w } from './words';

/** Near enough to see which pole it is. */
const NEAR = 16;

const view = signal<MapView | null>(null);
const seen = signal<BBox | null>(null);
const metresPerPixel = signal(100);

function makeView(element: HTMLElement): MapView {
  const made = new MapView(element, boot.facts?.bbox, askedView.peek(), insets(), {
    picked: ({ id }) => select({ kind: LAYER, id: String(id) }),
    ground: () => undefined,
    moved(at) {
      metresPerPixel.value = made.metresPerPixel();
      seen.value = made.seen();
      showView(at);
    },
    pointed: () => undefined,
    baseFailed: () => say(t.mapFailed),
    dataFailed: () => undefined,
    drawn: () => undefined,
  });
  return made;
}

const insets = () => ({ top: wide.peek() ? 64 : 104, bottom: 32, left: 24, right: 24 });

/** The map shows the layer as it is filtered, marks the open device, and follows the server. */
function follow(made: MapView): void {
  effect(() => {
    const [info, states] = [layer.value, shownStates.value];
    const asked = states.length ? { state: states.join(',') } : {};
    if (info) made.setLayers([info], { villages: true, townships: true }, { [LAYER]: asked });
  });
  let told = '';
  effect(() => {
    const now = version(LAYER).value;
    if (told && now !== told) made.reload(LAYER);
    told = now;
  });
  effect(() => {
    const { data, key } = device.state.value;
    if (!data || key !== openId.value) {
      if (!openId.value) made.select(null, '', null);
      return;
    }
    const [lon = 0, lat = 0] = data.lonlat;
    made.select(null, '', {
      layer: LAYER,
      id: String(data.id),
      lon,
      lat,
      icon: data.icon,
      status: pointStyle(LAYER).status(data.state),
    });
    if (!made.isSeen(lon, lat) || made.zoom < NEAR - 2) made.goTo(lon, lat, NEAR);
  });
}

export function DevicesMap() {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!element.current) return;
    const made = makeView(element.current);
    view.value = made;
    metresPerPixel.value = made.metresPerPixel();
    follow(made);
    followValues(
      () => view.value,
      () => seen.value,
    );
  }, []);
  return (
    <section class="cmap">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section id="map" class="map" ref={element} aria-label={w.mapLabel} tabIndex={0} />
      <i class="cross" />
      <Toolbar look="mctl" label={t.mapTools}>
        <Zoom by={(steps) => view.value?.zoomBy(steps)} />
        <button type="button" aria-label={w.whole} onClick={() => view.value?.whole()}>
          <Icon name="target" />
        </button>
      </Toolbar>
      <MapFoot
        base={boot.facts?.base_maps[0]}
        illustrative={boot.facts?.cells_illustrative ?? false}
        mpp={metresPerPixel.value}
      />
    </section>
  );
}
