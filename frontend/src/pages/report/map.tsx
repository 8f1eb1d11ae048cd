/** The map of the form: a pin in its middle while the place is chosen, afterwards the pin where it was put. */

import { effect, signal } from '@preact/signals';
import { endpoints } from '../../core/endpoints';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import type { LayerInfo } from '../../core/types';
import { param } from '../../core/url';
import '../../layers/devices';
import { lookOf } from '../../layers/report-status';
import { type Drop, drops } from '../../map/later/drops';
import { MapFrame } from '../../map/later/frame';
import type { MapHooks, MapView } from '../../map/view';
import { draft } from './draft';
import { goTo, locate, mapMoved, start, takeMiddle, view, zoom } from './place';
import { areaOf } from './publicity';
import { similar } from './similar';
import { step } from './steps';
import { r } from './words';

const INSETS = { top: 0, right: 0, bottom: 0, left: 0 };
const LAYERS = ['facilities', 'projects', 'devices'];
const LAYERS_FROM = 15;

const HOOKS: MapHooks = {
  picked({ layer, id, name, lon, lat, bbox }) {
    if (step.peek() !== 'where') return;
    const made = view.peek();
    if (id) goTo({ lon, lat, asset: { layer, id, name } });
    else if (bbox) made?.fit(bbox, { most: Math.min(18, made.zoom + 3) });
  },
  ground(lon, lat) {
    if (step.peek() === 'where') goTo({ lon, lat }, 0);
  },
  moved(to) {
    zoom.value = to.zoom;
    if (step.peek() === 'where') mapMoved();
  },
  baseFailed: () => undefined, // the pin needs no more than the names
  drawn() {
    if (!performance.getEntriesByName('first-data').length) performance.mark('first-data');
  },
};

/** What can be picked on the map, from near: a lamp or a toilet says what the report is about. */
function showLayers(made: MapView): void {
  const known = signal<LayerInfo[]>([]);
  endpoints.layers().then(
    ({ layers }) => {
      known.value = layers.filter(({ key }) => LAYERS.includes(key));
    },
    () => undefined, // the pin needs none of them
  );
  effect(() => {
    const infos = zoom.value < LAYERS_FROM ? [] : known.value;
    made.setLayers(infos, { villages: true, townships: true }, {});
  });
}

/** The pin, what the public will see of it, and open reports nearby. */
function pinned(): Drop[] {
  const { spot } = draft.value;
  const found = step.value === 'what' ? similar.value : [];
  const others = found.map(({ lonlat: [lon, lat], status }) => ({ lon, lat, look: lookOf(status), radius: 0 }));
  const mine = step.value === 'where' ? null : spot;
  return [
    ...others,
    { ...(mine ?? { lon: null, lat: null }), look: 'planned', radius: mine ? areaOf() : 0, big: true },
  ];
}

function ready(made: MapView): void {
  zoom.value = made.zoom;
  showLayers(made);
  drops(made, pinned);
  void start({ at: param('at'), asset: param('asset'), village: param('village') });
}

export function ReportMap() {
  const isStrip = !wide.value && step.value !== 'where';
  return (
    <section class="rmap" aria-hidden={isStrip || undefined} inert={isStrip}>
      <MapFrame
        view={view}
        label={r.mapLabel}
        insets={INSETS}
        hooks={HOOKS}
        ready={ready}
        tool={{ icon: 'locate', label: t.locate, press: locate }}
        bare={isStrip}
      >
        {step.value !== 'where' && wide.value && (
          <button type="button" class="chip take" onClick={takeMiddle}>
            <Icon name="target" size="xs" />
            {r.useCentre}
          </button>
        )}
      </MapFrame>
    </section>
  );
}
