/** Whether the page is wide enough for a column beside the map. */

import { signal } from '@preact/signals';

const query = matchMedia('(min-width: 900px)');
export const wide = signal(query.matches);
query.addEventListener?.('change', ({ matches }) => {
  wide.value = matches;
});
