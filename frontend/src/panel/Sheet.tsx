/** The panel: a column beside the map, or on phones a sheet with three heights, by finger, key or button. */

import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../core/i18n';
import { wide } from '../core/media';

export type Detent = 'peek' | 'half' | 'full';

const ORDER: Detent[] = ['peek', 'half', 'full'];
const FLICK = 0.5;

/** Height of the sheet in a stage of `stage` pixels. */
export function sheetHeight(detent: Detent, stage: number): number {
  if (detent === 'full') return stage - 12;
  return detent === 'half' ? Math.min(540, Math.round(stage * 0.66)) : Math.min(292, Math.round(stage * 0.45));
}

const next = (detent: Detent, by: number): Detent =>
  ORDER[Math.min(2, Math.max(0, ORDER.indexOf(detent) + by))] as Detent;

interface Drag {
  from: number;
  height: number;
  last: number;
  at: number;
  speed: number;
  moved: boolean;
}

/** Follows a finger; lets go at the nearest height, or the next one after a flick. */
function useDrag(detent: Signal<Detent>, live: Signal<number | null>) {
  const drag = useSignal<Drag | null>(null);
  const stage = (element: HTMLElement) => element.closest('.stage')?.clientHeight ?? innerHeight;
  return {
    onPointerDown(event: PointerEvent) {
      if (wide.value || (event.target as HTMLElement).closest('a,button:not(.grab)')) return;
      const handle = event.currentTarget as HTMLElement;
      handle.setPointerCapture(event.pointerId);
      const height = sheetHeight(detent.value, stage(handle));
      drag.value = { from: event.clientY, height, last: event.clientY, at: event.timeStamp, speed: 0, moved: false };
    },
    onPointerMove(event: PointerEvent) {
      const now = drag.value;
      if (!now) return;
      now.moved ||= Math.abs(event.clientY - now.from) > 6;
      now.speed = (now.last - event.clientY) / Math.max(1, event.timeStamp - now.at);
      [now.last, now.at] = [event.clientY, event.timeStamp];
      const most = stage(event.currentTarget as HTMLElement) - 12;
      if (now.moved) live.value = Math.max(120, Math.min(most, now.height + now.from - event.clientY));
    },
    onPointerUp(event: PointerEvent) {
      const now = drag.value;
      drag.value = null;
      if (!now?.moved || live.value === null) return;
      const height = live.value;
      const whole = stage(event.currentTarget as HTMLElement);
      const away = (name: Detent) => Math.abs(sheetHeight(name, whole) - height);
      const nearest = [...ORDER].sort((a, b) => away(a) - away(b))[0] as Detent;
      detent.value = Math.abs(now.speed) > FLICK ? next(detent.value, Math.sign(now.speed)) : nearest;
      live.value = null;
    },
    onPointerCancel() {
      drag.value = null;
      live.value = null;
    },
  };
}

interface SheetProps {
  label: string;
  detent: Signal<Detent>;
  head: ComponentChildren;
  children: ComponentChildren;
  act?: ComponentChildren;
}

export function Sheet({ label, detent, head, children, act }: SheetProps) {
  const live = useSignal<number | null>(null);
  const drag = useDrag(detent, live);
  const full = detent.value === 'full';
  const style = live.value === null ? undefined : { height: `${live.value}px`, transition: 'none' };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    detent.value = next(detent.value, by);
  };
  return (
    <aside class={`panel ${detent.value}`} aria-label={label} style={style}>
      <div class="handle" {...drag}>
        <button
          type="button"
          class="grab"
          aria-label={full ? t.collapse : t.expand}
          aria-expanded={full}
          onKeyDown={step}
          onClick={() => {
            detent.value = full ? 'peek' : next(detent.value, 1);
          }}
        />
        {head}
      </div>
      {children}
      {act}
    </aside>
  );
}
