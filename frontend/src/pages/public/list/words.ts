/** Words of the list and of the note about filters, beside those of every page (`core/i18n`). */

import { boot } from '../../../core/boot';
import type { ListDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let w: ListDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  w = module.default;
}
