/** The reader's position: where, how sure, and what of each kind is nearest to it. It is told to our server only. */

import { signal } from '@preact/signals';
import { boot } from '../../../core/boot';
import { endpoints } from '../../../core/endpoints';
import { distance } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { position, wide } from '../../../core/media';
import type { NearFacility } from '../../../core/types';
import { say } from '../../../core/ui/toast';
import { isSecure, select } from '../../../core/url';
import { circle, type Sketch } from '../../../map/later/sketch';
import { below, county, layerOf, mapView } from '../store';
import { lengthText } from './units';
import { w } from './words';

interface Here {
  lon: number;
  lat: number;
  accuracy: number;
}

/** Metres of a degree of latitude, near enough for a view. */
const METRES_OF_DEGREE = 111_320;
const here = signal<Here | null>(null);
const found = signal<{ category: string; items: NearFacility[] } | null>(null);
let ring: Sketch | undefined;

async function ask(category: string): Promise<void> {
  if (!here.value) return;
  try {
    const { items } = await endpoints.nearest(category, here.value.lon, here.value.lat);
    found.value = { category, items };
    if (!items.length) say(w.nearestNone);
  } catch {
    say(w.failed);
  }
}

function close(): void {
  below.value = null;
  found.value = null;
}

/** On a phone the rows make room for what they lead to: the map between the bar and the panel. */
function open(id: number): void {
  if (!wide.value) found.value = null;
  select({ kind: 'facilities', id: String(id) });
}

function Near() {
  const kinds = layerOf('facilities')?.legend ?? [];
  if (!here.value) return null;
  return (
    <section class="card nearbar" aria-label={w.nearest}>
      <div class="row">
        <h2 class="f14">{w.nearest}</h2>
        <span class="sub f13 grow">{w.accuracy(lengthText(Math.round(here.value.accuracy)))}</span>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" size="s" />
        </button>
      </div>
      <div class="chips">
        {kinds.map(({ when, title, icon }) => (
          <button
            type="button"
            class="chip line"
            key={when}
            aria-pressed={found.value?.category === when}
            onClick={() => void ask(when)}
          >
            <Icon name={icon} size="xs" />
            {title}
          </button>
        ))}
      </div>
      <ul>
        {found.value?.items.map(({ id, name, distance_m }) => (
          <li key={id}>
            <button type="button" class="li" onClick={() => open(id)}>
              <span class="t grow">{name}</span>
              <span class="sub f13 nw">{distance(distance_m)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function arrive({ coords: { longitude: lon, latitude: lat, accuracy } }: GeolocationPosition): void {
  const view = mapView.value;
  const bbox = county.state.value.data?.bbox;
  if (!view || !bbox || lon < bbox[0] || lat < bbox[1] || lon > bbox[2] || lat > bbox[3]) {
    say(w.locateOutside);
    return;
  }
  position.value = { lon, lat };
  const up = accuracy / METRES_OF_DEGREE;
  const across = up / Math.cos((lat * Math.PI) / 180);
  view.setPosition(lon, lat, [lon - across, lat - up, lon + across, lat + up]);
  ring?.remove();
  ring = circle(view.map, [lon, lat], accuracy);
  here.value = { lon, lat, accuracy };
  found.value = null;
  // In a frame the place below the map is taken, and what is small stays small.
  if (!boot.embed && !below.value) below.value = Near;
}

export function locate(): void {
  if (!isSecure() || !navigator.geolocation) {
    say(w.locateInsecure);
    return;
  }
  navigator.geolocation.getCurrentPosition(arrive, () => say(w.locateOff), {
    enableHighAccuracy: true,
    timeout: 10000,
    maximumAge: 60000,
  });
}
