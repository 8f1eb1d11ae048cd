/** The map of the page: the layer of devices, by its own colours, and the one that is open. */

import { effect, signal } from '@preact/signals';
import { version } from '../../core/live';
import { wide } from '../../core/media';
import type { BBox } from '../../core/types';
import { askedView, select, showView } from '../../core/url';
import { followValues, LAYER } from '../../devices/values';
import { pointStyle } from '../../layers/styles';
import { MapFrame } from '../../map/later/frame';
import type { MapView } from '../../map/view';
import { device, layer, openId, shownStates } from './store';
import { w } from './words';

/** Near enough to see which pole it is. */
const NEAR = 16;

const view = signal<MapView | null>(null);
const seen = signal<BBox | null>(null);

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

function ready(made: MapView): void {
  follow(made);
  followValues(
    () => view.value,
    () => seen.value,
  );
}

export function DevicesMap() {
  return (
    <section class="cmap">
      <MapFrame
        view={view}
        label={w.mapLabel}
        at={askedView.peek()}
        insets={insets()}
        hooks={{
          picked: ({ id }) => select({ kind: LAYER, id: String(id) }),
          moved(at) {
            seen.value = view.peek()?.seen() ?? null;
            showView(at);
          },
        }}
        ready={ready}
        tool={{ icon: 'target', label: w.whole, press: (made) => made.whole() }}
      >
        <i class="cross" />
      </MapFrame>
    </section>
  );
}
