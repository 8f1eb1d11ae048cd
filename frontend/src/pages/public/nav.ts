/** Views of the public page: the map, and what can stand beside it. Each of the latter is loaded when it is opened. */

import type { ComponentType } from 'preact';
import { t } from '../../core/i18n';

interface Part {
  /** Fetches the words of the part, then answers what to draw. */
  load(): Promise<ComponentType>;
}

interface NavEntry {
  /** Value of `v` in the address. */
  key: string;
  title: string;
  icon: string;
}

export const VIEWS: Record<string, () => Promise<Part>> = {
  list: () => import('./list'),
  board: () => import('./board'),
};

export function navEntries(): NavEntry[] {
  return [
    { key: '', title: t.map, icon: 'map' },
    { key: 'list', title: t.list, icon: 'list' },
    { key: 'board', title: t.board, icon: 'board' },
  ];
}
