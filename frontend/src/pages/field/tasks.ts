/** The list of points to go to: from the server, else as it was taken along. */

import { computed, effect, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { selection } from '../../core/url';
import { distance } from '../../map/later/geodesy';
import { field, picture } from './api';
import { about } from './place';
import { chipOf, chipPaths, forgetTaken, keepChips, saveChip, saveTaken, signedOut, takenOf } from './store';
import type { Card, Taken, Task } from './types';

/** Key of what is selected in the address: `?sel=points:417`. */
export const POINTS = 'points';

export const taken = signal<Taken | null>(null);
/** What stands in the way: nobody is signed in, or something failed (with the server's words); '' for nothing. */
export const trouble = signal<'' | 'signIn' | 'foreign' | { why: string }>('');
/** Whether the server answered the last time; devices think themselves connected where nothing comes through. */
export const isReached = signal(true);
const isConnected = signal(navigator.onLine);
export const isOnline = computed(() => isConnected.value && isReached.value);
for (const name of ['online', 'offline']) {
  addEventListener(name, () => {
    isConnected.value = name === 'online';
  });
}
// Somebody has signed out, in this tab or another: nothing of it stays on the screen.
effect(() => {
  if (!signedOut.value) return;
  taken.value = null;
  trouble.value = 'signIn';
});
/** A moment of this device by the server's clock, milliseconds: telephones are set to another day or year, and nothing they say is believed. */
export const byServer = (at: number) => at - (taken.peek()?.ahead ?? 0);
export const now = () => byServer(Date.now());
/** Pictures and map that are still to come; null before anybody asked. */
export const left = signal<number | null>(null);

/** Somebody goes there to put it right, not to see what it is. */
export const isRectified = ({ card }: Task) => card.state === 'rectifying';

/** The nearest first; where the device is not known, what is due first. */
export const tasks = computed<Task[]>(() => {
  const here = about.value;
  const all = taken.value?.tasks ?? [];
  if (!here) return all;
  const far = ({ card: { lonlat } }: Task) => distance([here.lon, here.lat], [lonlat[0] ?? 0, lonlat[1] ?? 0]);
  return all
    .map((task) => ({ task, m: far(task) }))
    .sort((a, b) => a.m - b.m)
    .map(({ task }) => task);
});

export const open = computed<Task | undefined>(() => {
  const { kind, id } = selection.value ?? {};
  return kind === POINTS ? taken.value?.tasks.find(({ card }) => String(card.id) === id) : undefined;
});

export function chipsOf({ chips, blank }: Card): { before: string; after: string; box?: number[] } {
  const all = { before: '', after: '', ...(chips as { before?: string; after?: string; box?: number[] }) };
  // A list that was taken along before may say nothing of it.
  for (const side of blank ?? []) all[side as 'before' | 'after'] = '';
  return all;
}

/** Zooms of our base map that are taken along; the deepest is the last that the server makes. */
const ZOOMS = [9, 11, 12, 13, 14];
/** Tiles that are taken along: fewer than the worker keeps, the nearest points first. */
const TILES_MOST = 500;

/** Addresses of the tiles around a point: its own and, from near, those beside it. */
function tilesAround({ lonlat: [lon = 0, lat = 0] }: Card): string[] {
  return ZOOMS.flatMap((z) => {
    const n = 2 ** z;
    const x = Math.floor(((lon + 180) / 360) * n);
    const sine = Math.sin((lat * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * n);
    const by = z === ZOOMS.at(-1) ? [-1, 0, 1] : [0];
    return by.flatMap((dx) => by.map((dy) => `/api/basemap/tiles/${z}/${x + dx}/${y + dy}.mvt?county=${boot.county}`));
  });
}

async function keepChip(path: string): Promise<void> {
  if (await chipOf(path)) return;
  const blob = await picture(path);
  if (blob) await saveChip({ path, blob });
}

/** Takes along what is shown without network: the pictures in the order of the list, then the map around each point. */
async function takeAlong(): Promise<void> {
  const cards = tasks.value.map(({ card }) => card);
  const pictures = cards.flatMap((card) => [chipsOf(card).before, chipsOf(card).after]).filter(Boolean);
  const tiles = [...new Set(cards.flatMap(tilesAround))].slice(0, TILES_MOST);
  await keepChips(new Set(pictures), await chipPaths());
  left.value = pictures.length + tiles.length;
  const jobs = [...pictures.map((path) => () => keepChip(path)), ...tiles.map((path) => () => fetch(path))].reverse();
  const work = async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) {
      await job();
      left.value = (left.peek() ?? 1) - 1;
    }
  };
  await Promise.all([work(), work(), work()]);
}

async function fetchAll(): Promise<void> {
  const user = await field.session();
  const kept = taken.peek();
  if (!user) {
    trouble.value = 'signIn';
    return;
  }
  if (kept && kept.person.username !== user.username) {
    taken.value = null;
    await forgetTaken();
  }
  if (!user.may.includes('field')) {
    trouble.value = 'foreign';
    return;
  }
  const [{ items, at: said }, { kinds, findings }] = await Promise.all([field.tasks(), field.options()]);
  const at = Date.parse(said);
  const { username, role_title, unit } = user;
  const person = { username, role_title, unit };
  const ahead = Date.now() - at;
  taken.value = { county: boot.county, person, at, ahead, tasks: items, options: { kinds, findings } };
  trouble.value = '';
  await saveTaken(taken.value);
}

/** What was taken along is shown at once, and replaced by what there is now. */
export async function load(): Promise<void> {
  taken.value ??= (await takenOf(boot.county).catch(() => undefined)) ?? null;
  try {
    await fetchAll();
    isReached.value = true;
    if (!trouble.peek()) await takeAlong();
  } catch (error) {
    left.value = null;
    if (error instanceof ApiError && !error.offline) trouble.value = { why: error.message };
    else if (error instanceof ApiError || error instanceof TypeError) isReached.value = false;
    else throw error;
  }
}
