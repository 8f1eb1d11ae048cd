/** The rows of the list on the map, at their exact points; and where something is put by a press on it. */

import { effect, signal } from '@preact/signals';
import { wide } from '../../core/media';
import { type Drop, drops } from '../../map/later/drops';
import { MapFrame } from '../../map/later/frame';
import type { MapView } from '../../map/view';
import { opened, openKey, openLine, openRow, queue, rows } from './store';
import { rowLook } from './times';
import type { LonLat } from './types';
import { c } from './words';

const NEAR = 15;
/** Pixels between a press and the middle of a drop's head, which is so high above its point. */
const REACH = 18;
const HEAD = 18.5;
const CARD = 416;
const DEGREE_M = 111_320;

export const mapView = signal<MapView | null>(null);
/** Set while a form asks for a place: the next press on the map is its answer. */
export const asking = signal<((at: LonLat) => void) | null>(null);
/** The place that a form has been given. */
export const pin = signal<LonLat | null>(null);

/** Where the open case lies; its row need not be on the list. */
function openAt(): LonLat | null {
  if (!openKey.value) return null;
  const row = rows.value.find(({ id }) => id === openRow.value);
  const { data } = opened.state.value;
  return row?.lonlat ?? data?.report?.lonlat ?? data?.order?.row.lonlat ?? null;
}

function shown(): Drop[] {
  const at = openAt();
  const found: Drop[] = rows.value
    .filter(({ id }) => id !== openRow.value)
    .map((row) => ({ lon: row.lonlat[0], lat: row.lonlat[1], look: rowLook(row), radius: 0 }));
  const row = rows.value.find(({ id }) => id === openRow.value);
  const data = opened.state.value.data;
  const look = row ?? data?.report;
  if (at) found.push({ lon: at[0], lat: at[1], look: look ? rowLook(look) : 'work', radius: 0, big: true });
  if (pin.value) found.push({ lon: pin.value[0], lat: pin.value[1], look: 'back', radius: 0, big: true });
  return found;
}

/** The row whose drop is under a press; the last drawn one where several are. */
function rowAt(lon: number, lat: number): number | null {
  const mpp = mapView.peek()?.metresPerPixel() ?? 1;
  const across = DEGREE_M * Math.cos((lat * Math.PI) / 180);
  const hit = [...rows.peek()].reverse().find(({ lonlat: [x, y] }) => {
    const [dx, dy] = [((lon - x) * across) / mpp, ((lat - y) * DEGREE_M) / mpp];
    return Math.hypot(dx, dy - HEAD) <= REACH || Math.hypot(dx, dy) <= REACH / 2;
  });
  return hit?.id ?? null;
}

function press(lon: number, lat: number): void {
  const answer = asking.peek();
  if (answer) {
    answer([lon, lat]);
    return;
  }
  const id = rowAt(lon, lat);
  if (id !== null) openLine(id);
}

const insets = () => ({ top: 48, bottom: 24, left: 24, right: wide.peek() && openKey.peek() ? CARD : 24 });

/** All rows in view. */
function fitRows(made: MapView): void {
  const points = rows.peek().map(({ lonlat }) => lonlat);
  if (!points.length) return;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  made.fit([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], { most: NEAR });
}

/** The map follows the open case, and a new queue. */
function follow(made: MapView): void {
  let fitted = '';
  effect(() => {
    const found = rows.value.length > 0 && queue.value;
    if (!found || found === fitted) return;
    fitted = found;
    if (!openKey.peek()) fitRows(made);
  });
  effect(() => {
    const at = openAt();
    made.setInsets(insets());
    if (at && (!made.isSeen(...at) || made.zoom < NEAR - 2)) made.goTo(...at, NEAR);
  });
}

function ready(made: MapView): void {
  made.setLayers([], { villages: true, townships: true }, {});
  drops(made, shown);
  follow(made);
}

export function ConsoleMap() {
  return (
    <section class={asking.value ? 'cmap asks' : 'cmap'}>
      <MapFrame
        view={mapView}
        label={c.mapLabel}
        insets={insets()}
        hooks={{ ground: press }}
        ready={ready}
        tool={{ icon: 'target', label: c.allRows, press: fitRows }}
      >
        <i class="cross" />
        {asking.value && <p class="chip ask">{c.pressMap}</p>}
      </MapFrame>
    </section>
  );
}
