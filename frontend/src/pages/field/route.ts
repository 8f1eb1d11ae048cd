/** The way to the open point: by road where there is a network to ask, else a straight line. */

import { computed, effect, signal } from '@preact/signals';
import { distance } from '../../map/later/geodesy';
import { field } from './api';
import { far, fix } from './place';
import { isOnline, open } from './tasks';
import type { Route } from './types';

/** Asked again when somebody has gone so far: the way before them is the rest of it. */
const AGAIN_M = 300;

/** The point whose way is asked for; 0 for none. */
let pending = 0;
const asked = signal<{ point: number; from: [number, number]; route: Route } | null>(null);

export const isAsked = computed(() => asked.value?.point === open.value?.card.id);

/** What the map draws; null without a position. */
export const route = computed<Route | null>(() => {
  const task = open.value;
  const here = fix.value;
  if (!task || !here) return null;
  if (asked.value?.point === task.card.id) return asked.value.route;
  const [lon = 0, lat = 0] = task.card.lonlat;
  const line: Route['line'] = [
    [here.lon, here.lat],
    [lon, lat],
  ];
  return { metres: far(task.card) ?? 0, by_road: false, line };
});

/** Asks for the way, once for each point, whenever somebody has gone a good way, and when there is a network again. */
export function watchRoute(): void {
  effect(() => {
    const task = open.value;
    const here = fix.value;
    if (!task || !here) return;
    const from: [number, number] = [here.lon, here.lat];
    const before = asked.peek();
    const isNew = before?.point !== task.card.id || distance(before.from, from) > AGAIN_M;
    if (!isNew || !isOnline.value || pending === task.card.id) return;
    pending = task.card.id;
    field.route(task.card.id, here).then(
      (found) => {
        if (pending !== task.card.id) return; // another point has been opened meanwhile
        pending = 0;
        asked.value = { point: task.card.id, from, route: found };
      },
      () => {
        pending = 0; // the straight line stays
      },
    );
  });
}
