/**
 * Rows of a layer appear on the open map, in the panel and the counts as they come, for as long as the layer is on.
 * Loaded by the first thing somebody does: looking at the page costs no stream.
 */

import { effect, untracked } from '@preact/signals';
import { forget, version } from '../../core/live';
import type { Loader } from '../../core/load';
import { selection } from '../../core/url';
import { active, layers, mapView, overview } from './store';

/** Asks once more for what is there; what is still on its way is new already. */
function renew<T>({ state, again }: Loader<T>): void {
  if (state.peek().phase === 'ready') void again();
}

/** What is open beside the map, where it tells of the layer. */
export async function panelAgain(layer: string): Promise<void> {
  const kind = selection.peek()?.kind;
  if (kind === layer) renew((await import('../../panel/FeaturePanel')).rows);
  else if (kind === 'village' || kind === 'township') renew((await import('../../panel/PlacePanel')).panels);
}

export function follow(layer: string): void {
  let known = '';
  effect(() => {
    if (!active.value.includes(layer)) {
      forget(layer);
      return;
    }
    const now = version(layer).value;
    if (!now || now === known) return;
    known = now;
    untracked(() => {
      mapView.value?.reload(layer);
      renew(layers);
      renew(overview);
      void panelAgain(layer);
    });
  });
}
