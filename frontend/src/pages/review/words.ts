/** Words of this page, beside those of every page and those of devices. */

import { boot } from '../../core/boot';
import type { PageDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let w: PageDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  w = module.default;
}
