/** What the device says: how wide the page is, and, once the reader has asked for it, where it is. */

import { signal } from '@preact/signals';

const query = matchMedia('(min-width: 900px)');
/** Whether the page is wide enough for a column beside the map. */
export const wide = signal(query.matches);
query.addEventListener?.('change', ({ matches }) => {
  wide.value = matches;
});

/** Where the reader stands, degrees (EPSG:4326); null until the device has said it. */
export const position = signal<{ lon: number; lat: number } | null>(null);
