/** What the device says: how wide the page is, and, once the reader has asked for it, where it is. */

import { computed, type Signal, signal } from '@preact/signals';
import { large } from './prefs';

function atLeast(pixels: number): Signal<boolean> {
  const query = matchMedia(`(min-width: ${pixels}px)`);
  const fits = signal(query.matches);
  query.addEventListener?.('change', ({ matches }) => {
    // Paper is narrow too: what is printed is the page that was on the screen.
    if (!matchMedia('print').matches) fits.value = matches;
  });
  return fits;
}

/** Whether the page is wide enough for a column beside the map. */
export const wide = atLeast(900);
const [room, roomLarge] = [atLeast(1200), atLeast(1500)];
/** Whether every tool of the top bar has room for its word. */
export const roomy = computed(() => (large.value ? roomLarge : room).value);

/** Where the reader stands, degrees (EPSG:4326); null until the device has said it. */
export const position = signal<{ lon: number; lat: number } | null>(null);
