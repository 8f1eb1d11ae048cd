/** Pages of the public side. An entry is added with its page; with one entry no navigation is shown at all. */

import { t } from '../../core/i18n';
import { base } from '../../core/url';

export interface NavEntry {
  key: string;
  href: string;
  title: string;
  icon: string;
}

export function navEntries(): NavEntry[] {
  return [{ key: 'map', href: base(), title: t.map, icon: 'map' }];
}
