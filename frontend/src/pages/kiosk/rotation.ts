/** What is on the screen now, and what comes next. */

import { batch, computed, signal } from '@preact/signals';
import { now } from './clock';
import { factsOf, type PlaceFacts, ready, refreshShared, shownPlaces } from './data';
import { type PlanPlace, plan, type ViewName } from './plan';

export interface Slide {
  view: ViewName;
  place: PlanPlace | null;
}

/** Nobody touched it for so long: it goes back to the start. */
export const IDLE_S = 60;

const SLIDES: Record<ViewName, () => Slide[]> = {
  townships: () => shownPlaces.value.map((place) => ({ view: 'townships', place })),
  board: () => [{ view: 'board', place: null }],
  counts: () => [{ view: 'counts', place: null }],
};

export const slides = computed<Slide[]>(() => plan.views.flatMap((view) => SLIDES[view]()));

export const at = signal(0);
/** Somebody touched the screen: it stays where it is. */
export const stopped = signal(false);
/** Seconds until it goes back to the start. */
export const idleLeft = signal(IDLE_S);
/** Counted up when the map shall show the whole again. */
export const resets = signal(0);
export const wall = signal(Date.now());

export const slide = computed<Slide>(
  () => slides.value[at.value % slides.value.length] ?? { view: 'board', place: null },
);
export const shownFacts = computed<PlaceFacts | null>(() => (slide.value.place ? factsOf(slide.value.place) : null));

let shownAt = now();
let touchedAt = now();

const wrapped = (index: number) => (index + slides.peek().length) % slides.peek().length;
const factsAt = (index: number): PlaceFacts | null => {
  const place = slides.peek()[wrapped(index)]?.place;
  return place ? factsOf(place) : null;
};

function show(index: number): void {
  shownAt = now();
  at.value = wrapped(index);
  void factsAt(index)?.refresh();
  // What comes next is there before it is shown.
  void factsAt(index + 1)?.refresh();
}

/** On to the next of which something is known: without network it goes on with what it has. */
function advance(): void {
  for (let step = 1; step <= slides.peek().length; step++) {
    const index = at.value + step;
    if (!factsAt(index)?.isBlank) {
      show(index);
      return;
    }
  }
  show(at.value + 1);
}

export function touched(): void {
  touchedAt = now();
  batch(() => {
    stopped.value = true;
    idleLeft.value = IDLE_S;
  });
}

/** Goes on rotating from what is shown. */
export function goOn(): void {
  batch(() => {
    stopped.value = false;
    shownAt = now();
    resets.value++;
  });
}

export const step = (by: number): void => show(at.value + by);

export function open(wanted: (slide: Slide) => boolean): void {
  const index = slides.peek().findIndex(wanted);
  if (index >= 0) show(index);
}

/** To the start, as if nobody had been there. */
function home(): void {
  batch(() => {
    goOn();
    show(0);
  });
}

function tick(): void {
  wall.value = Date.now();
  refreshShared();
  void shownFacts.peek()?.refresh();
  if (stopped.peek()) {
    idleLeft.value = Math.max(0, Math.ceil(IDLE_S - (now() - touchedAt) / 1000));
    if (!idleLeft.peek()) home();
  } else if (now() - shownAt >= plan.seconds * 1000) {
    advance();
  }
}

/** Starts; the answer is called every second. */
export async function start(): Promise<() => void> {
  refreshShared();
  await ready();
  show(0);
  return tick;
}
