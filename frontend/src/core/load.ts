/**
 * One way to load something, so that waiting, slow, failed and offline look the same everywhere:
 * nothing for 300 ms, then grey lines, after five seconds what was known before with its time.
 */

import { type Signal, signal } from '@preact/signals';
import { ApiError, isAbort } from './api';

export type Load<T> = { key: string; data?: T | undefined; at?: number | undefined } & (
  | { phase: 'waiting' | 'loading' | 'slow' | 'ready' }
  | { phase: 'error'; error: ApiError }
);

export interface Loader<T> {
  state: Signal<Load<T>>;
  /** Loads `key`; a second call drops the first. */
  load(key: string): Promise<void>;
  /** Takes what is known already instead of asking for it. */
  give(key: string, data: T): void;
  again(): Promise<void>;
}

const GREY_AFTER_MS = 300;
const SLOW_AFTER_MS = 5000;
const KEPT = 30;

/** Loads a part of the page itself: where its file does not come, there is no network. */
export const partLoader = <T>(fetcher: (key: string) => Promise<T>): Loader<T> =>
  loader(async (key) => {
    try {
      return await fetcher(key);
    } catch {
      throw new ApiError(0, 'offline', '');
    }
  });

export function loader<T>(fetcher: (key: string, signal: AbortSignal) => Promise<T>): Loader<T> {
  const state = signal<Load<T>>({ phase: 'waiting', key: '' });
  const kept = new Map<string, { data: T; at: number }>();
  let running: AbortController | undefined;

  const keep = (key: string, data: T) => {
    const at = Date.now();
    kept.delete(key);
    kept.set(key, { data, at });
    const oldest = kept.keys().next();
    if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value);
    return at;
  };

  const load = async (key: string) => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const before = kept.get(key);
    state.value = { phase: 'waiting', key, ...before };
    const later = (phase: 'loading' | 'slow', after: number) =>
      setTimeout(() => {
        state.value = { phase, key, ...before };
      }, after);
    const timers = [later('loading', GREY_AFTER_MS), later('slow', SLOW_AFTER_MS)];
    try {
      const data = await fetcher(key, mine.signal);
      if (running === mine) state.value = { phase: 'ready', key, data, at: keep(key, data) };
    } catch (error) {
      if (isAbort(error) || running !== mine) return;
      const said = error instanceof ApiError ? error : new ApiError(-1, 'broken', String(error));
      state.value = { phase: 'error', key, error: said, ...before };
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  };
  const give = (key: string, data: T) => {
    state.value = { phase: 'ready', key, data, at: keep(key, data) };
  };
  return { state, load, give, again: () => load(state.value.key) };
}
