/** Words of what pages about reports share. */

import { boot } from '../core/boot';
import type { SharedDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let s: SharedDict;

export async function loadSharedWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  s = module.default;
}
