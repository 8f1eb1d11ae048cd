/** The map of the screen: what is shown is outlined, figures stand below the names. */

import { computed, effect, signal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon, Mark } from '../../core/icons/Icon';
import { statusLook } from '../../core/icons/marks';
import type { BBox, PlaceAt, ProgressBody, ProjectProgress } from '../../core/types';
import { boxesOver, type Insets } from '../../map/fitting';
import { MapView } from '../../map/view';
import { board, around as surroundings, townshipsShown } from './data';
import { Feed } from './feed';
import { plan } from './plan';
import { open, resets, shownFacts, slide } from './rotation';
import { signed, told } from './told';
import { k } from './words';

interface Camera {
  zoom: number;
  lon: number;
  lat: number;
  width: number;
  height: number;
}

interface Spot {
  x: number;
  y: number;
}

const camera = signal<Camera | null>(null);

/** The plane of zoom 0, where the world is one unit wide (spherical Mercator, EPSG:3857). */
const across = (lon: number) => lon / 360 + 0.5;
const down = (lat: number) => 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);

/** Where a position (degrees) lies on the map; null outside it. */
function pixel(lon: number, lat: number): Spot | null {
  const seen = camera.value;
  if (!seen) return null;
  const world = 256 * 2 ** seen.zoom;
  const x = seen.width / 2 + (across(lon) - across(seen.lon)) * world;
  const y = seen.height / 2 + (down(lat) - down(seen.lat)) * world;
  if (x < 0 || y < 0 || x > seen.width || y > seen.height) return null;
  return { x, y };
}

const placed = (spot: Spot | null) => ({ left: `${spot?.x.toFixed(1)}px`, top: `${spot?.y.toFixed(1)}px` });

/** Difference of each township, or how many works it has. */
function Pills() {
  const rows = townshipsShown ? (board.data?.rows ?? []) : [];
  const counting = slide.value.view === 'counts';
  return (
    <>
      {plan.places.map(({ code, lon, lat }) => {
        const row = rows.find((one) => one.code === code);
        const place = row && pixel(lon, lat);
        if (!place || (!counting && row.difference === null)) return null;
        const tone = counting || row.difference === null ? '' : told(row.difference).tone;
        return (
          <span key={code} class={`kpill ${tone}`} style={placed(place)}>
            {counting ? row.projects : signed(row.difference ?? 0)}
          </span>
        );
      })}
    </>
  );
}

const MOST_MARKS = 4;

/** The worst works of the place that is shown which hide neither its name nor each other. */
function clearWorks(): ProjectProgress[] {
  const { value: facts } = shownFacts;
  if (!facts) return [];
  const unit = rem();
  const name = pixel(facts.place.lon, facts.place.lat);
  const taken = name ? [{ x: name.x, y: name.y + 0.7 * unit, wide: 3.4 * unit, high: 2.2 * unit }] : [];
  return (facts.section<ProgressBody>('progress')?.projects ?? []).filter(({ lon, lat, village }) => {
    const spot = village?.code.startsWith(facts.place.code) ? pixel(lon, lat) : null;
    const isFree =
      spot && !taken.some(({ x, y, wide, high }) => Math.abs(spot.x - x) < wide && Math.abs(spot.y - y) < high);
    if (!isFree || taken.length > MOST_MARKS) return false;
    return taken.push({ ...spot, wide: 1.9 * unit, high: 1.9 * unit });
  });
}

function Works() {
  return (
    <>
      {clearWorks().map(({ id, lon, lat, icon, status }) => {
        const { mark, weight } = statusLook(status);
        return (
          <span key={id} class="kmark" style={placed(pixel(lon, lat))}>
            <Icon name={icon} />
            {weight > 2 && <Mark name={mark} />}
          </span>
        );
      })}
    </>
  );
}

async function openGround(lon: number, lat: number): Promise<void> {
  const answer = new Feed<PlaceAt>('/api/places/at', { lon: lon.toFixed(6), lat: lat.toFixed(6) });
  await answer.refresh();
  const found = answer.data;
  const codes = found ? [found.place, ...found.ancestors].map(({ code }) => code) : [];
  open(({ place }) => place !== null && codes.includes(place.code));
}

/** The screen grows with its letters (kiosk.css). */
const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The title lies over the upper left: what is shown leans away from it, or on an upright screen lies below it. */
const insets = (): Insets => ({ top: (innerHeight > innerWidth ? 6 : 2) * rem(), right: 8, bottom: 8, left: 8 });
/** The figure of a township, from its place, in rem (kiosk.css). */
const PILL = { x: -1.1, y: 0.95, w: 2.2, h: 1.1 };

function makeView(element: HTMLElement, county: BBox): MapView {
  const view: MapView = new MapView(element, county, null, insets(), {
    ground: (lon, lat) => void openGround(lon, lat),
    moved({ zoom, lon, lat }) {
      camera.value = { zoom, lon, lat, width: element.clientWidth, height: element.clientHeight };
    },
  });
  view.scene.over = () => boxesOver(element, '.ktitle,.ksteps');
  const unit = rem();
  view.scene.below = { township: { x: PILL.x * unit, y: PILL.y * unit, w: PILL.w * unit, h: PILL.h * unit } };
  return view;
}

/** A place narrower than this part of what is around it is looked at more closely. */
const SMALL = 1 / 8;
const CLOSER = 3;

const isSmall = (area: BBox, home: BBox) => area[2] - area[0] < (home[2] - home[0]) * SMALL;

/** Keeps the view in step with what is shown. */
function follow(view: MapView, county: BBox): () => void {
  let whole = view.zoom;
  const around = computed(() => surroundings.data?.place.bbox ?? county);
  const stops = [
    // At the start, on a reset and in another size the whole is measured anew; nothing moves by itself then.
    effect(() => {
      void resets.value;
      view.fit(around.value, { animate: false, whole: true });
      whole = view.zoom;
    }),
    effect(() => {
      void resets.value;
      const facts = shownFacts.value;
      const shape = facts?.shape ?? null;
      view.select(shape, facts?.mapName ?? '', null);
      if (shape && isSmall(shape.bbox, around.value)) view.fit(shape.bbox, { most: whole + CLOSER });
      else view.fit(around.value, { whole: true });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export function StageMap({ county }: { county: BBox }) {
  const element = useRef<HTMLElement>(null);
  const view = useRef<MapView | null>(null);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    view.current = makeView(box, county);
    view.current.setLayers([], { villages: true, townships: true }, {});
    const stop = follow(view.current, county);
    const sized = new ResizeObserver(() => {
      if (box.clientWidth) resets.value++;
    });
    sized.observe(box);
    return () => {
      stop();
      sized.disconnect();
    };
  }, []);
  useSignalEffect(() => {
    document.documentElement.dataset.view = slide.value.view;
  });
  const label = slide.value.view === 'counts' ? k.mapOfCounts(plan.place.name) : k.mapOf(plan.place.name);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section id="map" class="map" ref={element} aria-label={label} tabIndex={0} />
      <div class="kpills" aria-hidden="true">
        <Pills />
        <Works />
      </div>
      {boot.facts?.cells_illustrative && <p class="killus">{t.illustrative}</p>}
    </>
  );
}
