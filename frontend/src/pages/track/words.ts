/** Words of the page about one report, beside those of every page (`core/i18n`). */

import { boot } from '../../core/boot';
import type { TrackDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let k: TrackDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  k = module.default;
}
