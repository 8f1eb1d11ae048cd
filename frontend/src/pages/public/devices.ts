/** Devices while their layer is on: their looks, states and values as they change. Loaded when somebody turns it on. */

import { effect } from '@preact/signals';
import '../../layers/devices';
import { selection } from '../../core/url';
import { followValues, heard, LAYER } from '../../devices/values';
import { follow, panelAgain } from './live';
import { active, mapView, seen } from './store';

followValues(
  () => mapView.value,
  () => (active.value.includes(LAYER) ? seen.value : null),
);

effect(() => {
  const { kind, id = '' } = selection.value ?? {};
  if (kind === LAYER && heard.value.has(id)) void panelAgain(LAYER);
});

follow(LAYER);
