/** Views of the public page: the map, and what can stand beside it. Each of the latter is loaded when it is opened. */

import type { ComponentType } from 'preact';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { selection } from '../../core/url';
import { mapView } from './store';

interface Part {
  /** Fetches the words of the part, then answers what to draw. */
  load(): Promise<ComponentType>;
}

interface NavEntry {
  /** Value of `v` in the address. */
  key: string;
  title: string;
  icon: string;
  /** Address of a page of its own, instead of a view of this one. */
  page?: () => string;
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
    { key: 'track', title: t.track, icon: 'track', page: () => pageOf('/track') },
  ];
}

const pageOf = (path: string, more: Record<string, string> = {}) =>
  `${path}?${new URLSearchParams({ county: boot.county, lang: boot.lang, ...more })}`;

/** What the report would be about: what is selected, else the middle of a map that is near enough to mean a place. */
function subject(): Record<string, string> {
  const now = selection.value;
  if (now?.kind === 'village') return { village: now.id };
  if (now && now.kind !== 'township' && now.kind !== 'incidents') return { asset: `${now.kind}:${now.id}` };
  const view = mapView.value;
  const at = view && view.zoom >= 13 && view.middle();
  return at ? { at: `${at.lon.toFixed(6)},${at.lat.toFixed(6)}` } : {};
}

/** The form for a report, at what the reader looks at. */
export const reportAddress = (): string => pageOf('/report', subject());
