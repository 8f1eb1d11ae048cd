/** Words of the panel, beside those of every page (`core/i18n`). */

import { boot } from '../core/boot';
import type { PanelDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let p: PanelDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  p = module.default;
}
