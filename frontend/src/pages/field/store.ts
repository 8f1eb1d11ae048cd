/**
 * What this device keeps: the list with its pictures, and checks with their photos until they are with the server.
 *
 * The service worker keeps nothing of a signed-in person; what is here is kept by the page itself, for one person. When
 * they sign out, the worker deletes the list and its pictures; checks wait for whose they are, nobody can make them again.
 */

import { signal } from '@preact/signals';
import { Database, deleteAll } from '../../offline/database';
import type { Check, Chip, Shot, Taken } from './types';

/** How often what was taken along went away below this page: somebody has signed out, here or in another tab. */
export const signedOut = signal(0);

const along = new Database<'taken' | 'chips'>(
  'geogov-taken',
  (database) => {
    database.createObjectStore('taken', { keyPath: 'county' });
    database.createObjectStore('chips', { keyPath: 'path' });
  },
  () => {
    signedOut.value++;
  },
);
const base = new Database<'checks' | 'shots'>('geogov-field', (database) => {
  database.createObjectStore('checks', { keyPath: 'key' });
  database.createObjectStore('shots', { keyPath: 'id' }).createIndex('check', 'check');
});

export const takenOf = (county: string) => along.ask<Taken | undefined>('taken', (store) => store.get(county));
export const chipOf = (path: string) => along.ask<Chip | undefined>('chips', (store) => store.get(path));
export const chipPaths = () => along.ask<string[]>('chips', (store) => store.getAllKeys());
export const checks = () => base.ask<Check[]>('checks', (store) => store.getAll());
export const checkOf = (key: string) => base.ask<Check | undefined>('checks', (store) => store.get(key));

export async function shotsOf(check: string): Promise<Shot[]> {
  const found = await base.ask<Shot[]>('shots', (store) => store.index('check').getAll(check));
  return found.sort((a, b) => a.order - b.order);
}

/** The last thing was not kept: as a rule nothing more fits on the device. */
export const isFull = signal(false);

/** Whether what was to be kept is on the device. */
async function kept(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    isFull.value = false;
  } catch {
    isFull.value = true;
  }
  return !isFull.value;
}

export const saveTaken = (taken: Taken) => kept(along.change(['taken'], (store) => store('taken').put(taken)));
export const saveChip = (chip: Chip) => kept(along.change(['chips'], (store) => store('chips').put(chip)));
export const saveCheck = (check: Check) => kept(base.change(['checks'], (store) => store('checks').put(check)));
export const saveShot = (shot: Shot) => kept(base.change(['shots'], (store) => store('shots').put(shot)));
export const dropShot = (id: string) => kept(base.change(['shots'], (store) => store('shots').delete(id)));

export const dropCheck = (key: string) =>
  kept(
    base.change(['checks', 'shots'], (store) => {
      store('checks').delete(key);
      deleteAll(store('shots').index('check'), key, store('shots'));
    }),
  );

/** All of it has arrived: the photos go, what was said stays to be looked up. */
export const finish = (check: Check) =>
  kept(
    base.change(['checks', 'shots'], (store) => {
      store('checks').put(check);
      deleteAll(store('shots').index('check'), check.key, store('shots'));
    }),
  );

/** Somebody else works with this device now: lists and pictures go, checks wait for whose they are. */
export const forgetTaken = () =>
  along.change(['taken', 'chips'], (store) => {
    store('taken').clear();
    store('chips').clear();
  });

export const keepChips = (paths: Set<string>, known: string[]) =>
  along.change(['chips'], (store) => {
    for (const path of known) if (!paths.has(path)) store('chips').delete(path);
  });
