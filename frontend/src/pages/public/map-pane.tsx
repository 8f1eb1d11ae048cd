/** The map on the page: joins the map view with the address, the layers that are on and what is selected. */

import { effect, signal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError, keptAt } from '../../core/api';
import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import { t } from '../../core/i18n';
import { wide } from '../../core/media';
import type { BBox, County } from '../../core/types';
import { say } from '../../core/ui/toast';
import { askedView, type Selection, select, selection, setGround, showView, view as viewName } from '../../core/url';
import { boxesOver, type Insets } from '../../map/fitting';
import { MapView, type Tip } from '../../map/view';
import { sheetHeight } from '../../panel/Sheet';
import { hasLooks } from './looks';
import { VIEWS } from './nav';
import { focusOn, shapeOfSelection, spot } from './selected';
import {
  active,
  asked,
  baseMap,
  cardRolled,
  catalogue,
  homeDetent,
  mapView,
  panelDetent,
  pointed,
  remaining,
  seen,
} from './store';

/** Height of the layer card with six layers and no legend open. */
const CARD_REM = 17;
/** Pixels of the map that nothing lies over; with fewer the controls reach up to the county's middle. */
const SHORT = 476;
/** What they take of the map's right then (map.css). */
const CONTROLS = 60;
/** Between the card and the edges of the map (map.css). */
const CARD_GAP = 12;
const tip = signal<Tip | null>(null);
export const metresPerPixel = signal(100);

/** The layer card as it is now; before its layers have come, as high as it is going to be. */
function card(): { width: number; height: number } {
  const box = document.querySelector('.lay')?.getBoundingClientRect();
  if (!box?.width) return { width: 0, height: 0 };
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const least = cardRolled.peek() ? 0 : CARD_REM * rem;
  return { width: box.width + CARD_GAP, height: Math.max(box.height, least) + CARD_GAP };
}

/** What lies over the map: the sheet below and the search above on phones, the layer card on wide pages. */
function insets(stage: number): Insets {
  const board = viewName.value === 'board' && !selection.value;
  if (wide.value) return { top: 8, right: 8, bottom: 32, left: 8, card };
  if (boot.embed) return framedInsets(stage);
  if (board) return { top: 8, right: 8, bottom: 136, left: 8 };
  const detent = selection.value ? panelDetent.value : homeDetent.value;
  const sheet = sheetHeight(detent === 'full' ? 'half' : detent, stage);
  if (selection.value) return { top: 64, right: 8, bottom: sheet, left: 8 };
  // The whole county keeps clear of its approval number and scale as well, and on short phones of the controls.
  return { top: 108, right: beside(stage - sheet), bottom: sheet + 40, left: 8, fill: true };
}

const beside = (room: number) => (room < SHORT ? CONTROLS : 8);

/** In a frame the panel stands beside the map, or over the whole of a small one (acts.css). */
function framedInsets(stage: number): Insets {
  const left = selection.value && innerWidth >= 560 ? Math.min(360, innerWidth / 2 + 8) : 8;
  return { top: stage < 268 ? 8 : 64, right: beside(stage), bottom: 32, left };
}

async function openGround(lon: number, lat: number, name: string): Promise<void> {
  try {
    const { place, ancestors } = await endpoints.placeAt(lon, lat);
    const township = ancestors.find(({ level }) => level === 'township');
    const wanted = name === 'township' && township ? township : place;
    select({ kind: wanted.level === 'township' ? 'township' : 'village', id: wanted.code });
  } catch (error) {
    if (error instanceof ApiError) say(error.status === 404 ? t.outside : error.offline ? t.offline : error.message);
  }
}

/** Key refused, quota used up, no way there: back to our own map, which needs nobody. */
function refused(title: string): void {
  setGround('');
  say(t.baseRefused(title));
}

let saidBase = false;
let saidData = false;

function makeView(element: HTMLElement, bbox: BBox): MapView {
  const stage = element.parentElement?.clientHeight ?? innerHeight;
  const view = new MapView(element, bbox, askedView.value, insets(stage), {
    picked(item) {
      if (item.township) select({ kind: 'township', id: item.township.code });
      else if (item.id) {
        spot.value = {
          layer: item.layer,
          id: item.id,
          lon: item.lon,
          lat: item.lat,
          icon: item.icon,
          status: item.status,
        };
        select({ kind: item.layer, id: item.id });
      } else if (item.bbox) view.fit(item.bbox, { most: Math.min(18, view.zoom + 3) });
    },
    ground: (lon, lat, name) => void openGround(lon, lat, name),
    moved(at) {
      showView(at);
      metresPerPixel.value = view.metresPerPixel();
      seen.value = view.seen();
    },
    pointed(next) {
      tip.value = next;
      if (pointed.value?.id !== next?.item.id) pointed.value = next ? next.item : null;
    },
    baseFailed() {
      if (!saidBase) say(t.mapFailed);
      saidBase = true;
    },
    dataFailed(error) {
      const offline = error instanceof ApiError && error.offline;
      // The page says above that there is no network, and of when it is.
      if (!saidData && !(offline && keptAt.peek())) say(offline ? t.offline : t.failed(t.layers));
      saidData = true;
    },
    drawn() {
      if (!performance.getEntriesByName('first-data').length) performance.mark('first-data');
    },
  });
  view.scene.over = () => boxesOver(element, '.lay,.mctl>*,.mfoot>*');
  metresPerPixel.value = view.metresPerPixel();
  seen.value = view.seen();
  return view;
}

/** Keeps the view in step with the page for as long as the map lives. */
function follow(view: MapView, stage: () => number): () => void {
  let first = true;
  const stops = [
    effect(() => {
      const keys = active.value;
      const infos = catalogue.value.filter(
        ({ geometry, key }) => geometry === 'point' && keys.includes(key) && hasLooks(key),
      );
      if (!catalogue.value.length) return;
      const shown = { villages: keys.includes('villages'), townships: keys.includes('townships') };
      const left = infos.map((layer) => ({ ...layer, count: remaining.value[layer.key] ?? layer.count }));
      view.setLayers(left.reverse(), shown, asked.value);
    }),
    effect(() => {
      const other = baseMap.value?.tiles.length ? baseMap.value : null;
      if (other || !first) void view.setRaster(other, () => refused(other?.title ?? ''));
    }),
    effect(() => {
      view.setInsets(insets(stage()));
    }),
    effect(() => {
      const shape = shapeOfSelection.value;
      view.select(shape?.shape ?? null, shape?.name ?? '', spot.value);
    }),
    effect(() => {
      const asked = askedView.value;
      if (asked && !first) view.show(asked);
    }),
    effect(() => {
      const target = focusOn.value;
      if (!target) return;
      if ('bbox' in target) view.fit(target.bbox);
      else if (!view.isSeen(target.lon, target.lat) || view.zoom < target.least)
        view.goTo(target.lon, target.lat, target.least);
    }),
  ];
  first = false;
  return () => {
    for (const stop of stops) stop();
  };
}

export function MapPane({ county, bbox }: { county: County; bbox: BBox }) {
  const element = useRef<HTMLElement>(null);
  const before = useRef<Selection | null>(selection.value);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const view = makeView(box, bbox);
    mapView.value = view;
    return follow(view, () => box.parentElement?.clientHeight ?? innerHeight);
  }, []);
  // The panel is gone: whoever closed it by key goes on from the map, or from the view that comes back in its place.
  useSignalEffect(() => {
    if (before.current && !selection.value && !(viewName.peek() in VIEWS))
      element.current?.focus({ preventScroll: true });
    before.current = selection.value;
  });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one tab stop, worked by keys */}
      <section id="map" class="map" ref={element} aria-label={t.mapLabel(county.name)} tabIndex={0} />
      <i class="cross" aria-hidden="true" />
      {tip.value && (
        <span class="tip" aria-hidden="true" style={{ left: `${tip.value.x}px`, top: `${tip.value.y}px` }}>
          {tip.value.text}
        </span>
      )}
    </>
  );
}
