/** Words of the pages. One language is loaded per load; a key missing in one of them does not compile. */

import { boot } from './boot';
import type { Dict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let t: Dict;

export async function loadLanguage(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  t = module.default;
}
