/** What the page shows: the devices by state, what is wrong now, and the one device that is open. */

import { computed, effect, signal, untracked } from '@preact/signals';
import { getJson } from '../../core/api';
import { endpoints } from '../../core/endpoints';
import { statusLook } from '../../core/icons/marks';
import { version } from '../../core/live';
import { loader } from '../../core/load';
import type { Alarm, Device, LayerInfo } from '../../core/types';
import { filters, selection, setFilter } from '../../core/url';
import { lookOfAlarm } from '../../devices/facts';
import { heard, LAYER } from '../../devices/values';

/** Values of the open device are asked for again so often, beside what the live channel says. */
const VALUES_EVERY_MS = 15_000;

export const layer = signal<LayerInfo | null>(null);
/** How many devices are in each state. */
export const counts = signal<Record<string, number>>({});

/** What stands, the worst first; what is silent comes after what alarms, as on the map. */
export const alarms = loader<{ alarms: Alarm[] }>(async (_key, stop) => {
  const found = await getJson<{ alarms: Alarm[] }>('/api/devices/alarms', { limit: 100 }, stop);
  const weight = (alarm: Alarm) => statusLook(lookOfAlarm(alarm)).weight;
  return { alarms: [...found.alarms].sort((a, b) => weight(b) - weight(a)) };
});
export const device = loader<Device>((id, stop) => endpoints.device(id, stop));

export const openId = computed(() => (selection.value?.kind === LAYER ? selection.value.id : ''));
export const shownStates = computed(() => filters.value[LAYER]?.state ?? []);

/** Shows this state alone, or all of them again. */
export function toggle(state: string): void {
  setFilter(LAYER, 'state', shownStates.peek().includes(state) ? [] : [state]);
}

async function count(): Promise<void> {
  const sums: Record<string, number> = {};
  for (const { by } of (await endpoints.counts(LAYER, 'township', {})).counts) {
    for (const [state, n] of Object.entries(by)) sums[state] = (sums[state] ?? 0) + n;
  }
  counts.value = sums;
}

/** Fetches all of it, and again whenever the server says that something changed. */
export function start(): void {
  void endpoints.layers().then(({ layers }) => {
    layer.value = layers.find(({ key }) => key === LAYER) ?? null;
  });
  const changed = version(LAYER);
  effect(() => {
    void changed.value;
    void count().catch(() => undefined);
    void alarms.load('open');
  });
  effect(() => {
    void changed.value;
    if (openId.value) void device.load(openId.value);
  });
  effect(() => {
    if (heard.value.has(openId.peek())) untracked(() => void device.again());
  });
  setInterval(() => {
    if (openId.peek() && !document.hidden) void device.again();
  }, VALUES_EVERY_MS);
}
