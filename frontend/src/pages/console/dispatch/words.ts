/** Words of rules and crews, beside those of the console. */

import { boot } from '../../../core/boot';
import type { DispatchDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let d: DispatchDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  d = module.default;
}
