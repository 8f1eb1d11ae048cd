/** The round: one device after the other, what is wrong first, then every camera; it can be stopped and stepped. */

import { computed, effect, signal } from '@preact/signals';
import { endpoints } from '../../core/endpoints';
import { Icon } from '../../core/icons/Icon';
import { loader } from '../../core/load';
import type { Feature } from '../../core/types';
import { say } from '../../core/ui/toast';
import { openView, select, view } from '../../core/url';
import { LAYER } from '../../devices/values';
import { alarms, openId } from './store';
import { w } from './words';

const EACH_MS = 10_000;
const CAMERAS_MOST = 500;

const cameras = loader<Feature[]>(async (_key, stop) => {
  const found = await endpoints.features(LAYER, null, CAMERAS_MOST, { type: 'camera' }, stop);
  return found.features;
});

export const isPatrol = computed(() => view.value === 'patrol');
const isPaused = signal(false);

/** Where the round goes: each device once. */
const stops = computed(() => {
  const wrong = (alarms.state.value.data?.alarms ?? []).flatMap(({ device }) => (device ? [String(device)] : []));
  const seen = (cameras.state.value.data ?? []).map(({ id }) => String(id));
  return [...new Set([...wrong, ...seen])];
});
const at = computed(() => stops.value.indexOf(openId.value));

function step(by: number): void {
  const all = stops.peek();
  const id = all[(at.peek() + by + all.length) % all.length];
  if (id) select({ kind: LAYER, id });
}

export async function begin(): Promise<void> {
  await Promise.all([cameras.load('camera'), alarms.load('open')]);
  if (!stops.peek().length) {
    say(w.patrolNone);
    return;
  }
  // Who has asked for less movement steps by hand.
  isPaused.value = matchMedia('(prefers-reduced-motion: reduce)').matches;
  openView('patrol');
  if (at.peek() < 0) step(1);
}

/** Goes on by itself; once for the life of the page. */
export function run(): void {
  if (isPatrol.peek()) void begin();
  effect(() => {
    void openId.value;
    if (!isPatrol.value || isPaused.value || stops.value.length < 2) return;
    const timer = setTimeout(() => {
      if (!document.hidden) step(1);
    }, EACH_MS);
    return () => clearTimeout(timer);
  });
}

export function PatrolBar() {
  const button = (icon: string, title: string, press: () => void) => (
    <button type="button" class="x" aria-label={title} title={title} onClick={press}>
      <Icon name={icon} />
    </button>
  );
  return (
    <section class="patrol" aria-label={w.patrol}>
      <b>{w.patrol}</b>
      <span class="grow f13">{w.patrolAt(at.value + 1, stops.value.length)}</span>
      {button('back', w.previous, () => step(-1))}
      <button
        type="button"
        class="btn sm"
        onClick={() => {
          isPaused.value = !isPaused.value;
        }}
      >
        {isPaused.value ? w.play : w.pause}
      </button>
      {button('next', w.next, () => step(1))}
      {button('close', w.patrolStop, () => openView(''))}
    </section>
  );
}
