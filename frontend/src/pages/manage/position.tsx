/** Where something is: a small map, the device's position, or typed numbers; one value behind all three. */

import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { MapView } from '../../map/view';
import { TextField } from './fields';
import type { Form, Values } from './form';
import { startArea } from './start-area';
import { m } from './words';

export interface Positioned extends Values {
  lon: string;
  lat: string;
}

const NEAR_ZOOM = 15;
const DIGITS = 6;
const INSETS = { top: 0, right: 0, bottom: 0, left: 0 };

/** The position that is typed, or null while it is none. */
export function placeOf({ lon, lat }: { lon: string; lat: string }): { lon: number; lat: number } | null {
  const [x, y] = [Number(lon), Number(lat)];
  return lon.trim() && lat.trim() && Number.isFinite(x) && Number.isFinite(y) ? { lon: x, lat: y } : null;
}

function put(form: Form<Positioned>, lon: number, lat: number): void {
  form.set('lon', lon.toFixed(DIGITS));
  form.set('lat', lat.toFixed(DIGITS));
}

function locate(form: Form<Positioned>): void {
  if (!isSecureContext || !navigator.geolocation) {
    say(m.positionInsecure);
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => put(form, coords.longitude, coords.latitude),
    () => say(m.positionOff),
    { enableHighAccuracy: true, timeout: 10000 },
  );
}

/** What a small map does with clicks; it shows no layers, only the base map. */
function hooks(form: Form<Positioned>) {
  return {
    ground: (lon: number, lat: number) => put(form, lon, lat),
    baseFailed: () => say(t.mapFailed),
  };
}

/** Brings a map without a position to where the person works, unless it was moved or used meanwhile. */
async function toStart(view: MapView, form: Form<Positioned>): Promise<void> {
  const { lon, lat } = view.middle();
  const area = await startArea();
  const now = view.middle();
  if (area && now.lon === lon && now.lat === lat && !placeOf(form.values.peek())) view.fit(area, { animate: false });
}

function SmallMap({ form, what, view }: { form: Form<Positioned>; what: string; view: { current: MapView | null } }) {
  const box = useRef<HTMLElement>(null);
  const place = useComputed(() => placeOf(form.values.value));
  useEffect(() => {
    if (!box.current) return;
    const now = place.peek();
    const start = now && { zoom: NEAR_ZOOM, ...now };
    view.current = new MapView(box.current, boot.facts?.bbox, start, INSETS, hooks(form));
    if (!now) void toStart(view.current, form);
  }, []);
  useSignalEffect(() => {
    const now = place.value;
    if (now) view.current?.mark(now.lon, now.lat);
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys
    <section class="map small" ref={box} aria-label={m.mapOf(what)} tabIndex={0} />
  );
}

export function PositionField({ form, what }: { form: Form<Positioned>; what: string }) {
  const view = useRef<MapView | null>(null);
  const centre = () => {
    const at = view.current?.middle();
    if (at) put(form, at.lon, at.lat);
  };
  return (
    <fieldset class="group">
      <legend>{m.position}</legend>
      <p class="hint">{m.positionHint}</p>
      <div class="smallmap">
        <SmallMap form={form} what={what} view={view} />
        <i class="cross" aria-hidden="true" />
      </div>
      <div class="acts">
        <button type="button" class="btn sm" onClick={centre}>
          <Icon name="pin" size="s" />
          {m.useCentre}
        </button>
        <button type="button" class="btn sm" onClick={() => locate(form)}>
          <Icon name="locate" size="s" />
          {m.useMine}
        </button>
      </div>
      <div class="pair">
        <TextField form={form} name="lon" label={m.longitude} longest={12} />
        <TextField form={form} name="lat" label={m.latitude} longest={12} />
      </div>
    </fieldset>
  );
}
