/** Fingers on a picture: it follows one sideways, two make it larger, two taps as well; larger, one moves it about. */

import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

const SWIPE = 48;
const TAP_MS = 300;
const TAP_PX = 10;
const CLOSER = 2.5;
const CLOSEST = 4;

interface Spot {
  x: number;
  y: number;
}

export interface Gestures {
  /** How far the strip of pictures is drawn aside, pixels. */
  drag: Signal<number>;
  /** The picture: how many times its size, and moved by how many pixels. */
  zoom: Signal<{ scale: number; x: number; y: number }>;
  /** Whether a finger is down: then nothing glides. */
  held: Signal<boolean>;
  reset(): void;
  larger(): void;
  on: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(event: PointerEvent): void;
    onPointerCancel(event: PointerEvent): void;
  };
}

const WHOLE = { scale: 1, x: 0, y: 0 };
const apart = ([a, b]: Spot[]) => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1);
const within = (value: number, most: number) => Math.max(-most, Math.min(most, value));

/** A picture moved no further than its edge. */
function kept(scale: number, { x, y }: Spot, { clientWidth, clientHeight }: Element): typeof WHOLE {
  const most = (side: number) => (side * (scale - 1)) / 2;
  return scale <= 1 ? WHOLE : { scale, x: within(x, most(clientWidth)), y: within(y, most(clientHeight)) };
}

/** `turn(by)` turns to the next or previous picture and answers whether there is one. */
export function useGestures(turn: (by: number, width: number) => boolean): Gestures {
  const [drag, zoom, held] = [useSignal(0), useSignal(WHOLE), useSignal(false)];
  const fingers = useRef(new Map<number, Spot>());
  const pinch = useRef({ apart: 1, scale: 1 });
  const tap = useRef({ at: 0, moved: 0 });
  const larger = () => {
    zoom.value = zoom.value.scale > 1 ? WHOLE : { ...WHOLE, scale: CLOSER };
  };
  const lift = (event: PointerEvent, counts: boolean) => {
    if (!fingers.current.delete(event.pointerId) || fingers.current.size) return;
    held.value = false;
    const by = drag.value < 0 ? 1 : -1;
    const box = event.currentTarget as HTMLElement;
    if (counts && Math.abs(drag.value) > SWIPE && turn(by, box.clientWidth)) return;
    drag.value = 0;
    if (!counts || tap.current.moved > TAP_PX) return;
    if (event.timeStamp - tap.current.at < TAP_MS) larger();
    tap.current.at = event.timeStamp;
  };
  const move = (event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const spot = { x: event.clientX, y: event.clientY };
    fingers.current.set(event.pointerId, spot);
    const [dx, dy] = [spot.x - before.x, spot.y - before.y];
    tap.current.moved += Math.abs(dx) + Math.abs(dy);
    const { scale, x, y } = zoom.value;
    const box = event.currentTarget as HTMLElement;
    if (fingers.current.size > 1) {
      const to = (pinch.current.scale * apart([...fingers.current.values()])) / pinch.current.apart;
      zoom.value = kept(Math.min(CLOSEST, to), { x, y }, box);
    } else if (scale > 1) zoom.value = kept(scale, { x: x + dx, y: y + dy }, box);
    else drag.value += dx;
  };
  const down = (event: PointerEvent) => {
    if (event.button) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.current.size === 1) tap.current.moved = 0;
    else [drag.value, pinch.current] = [0, { apart: apart([...fingers.current.values()]), scale: zoom.value.scale }];
    held.value = true;
  };
  const reset = () => {
    zoom.value = WHOLE;
  };
  const on = {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: (event: PointerEvent) => lift(event, true),
    onPointerCancel: (event: PointerEvent) => lift(event, false),
  };
  return { drag, zoom, held, reset, larger, on };
}
