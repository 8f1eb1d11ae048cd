/** Words of sharing, measuring, the reader's position and frames, beside those of every page (`core/i18n`). */

import { boot } from '../../../core/boot';
import type { ActsDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first act. */
export let w: ActsDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  w = module.default;
}
