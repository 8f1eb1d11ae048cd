/**
 * Gestures of a map in somebody else's page: one finger and the plain wheel scroll that page, two fingers and
 * Ctrl/⌘ with the wheel are the map's. Keys, buttons and the mouse's drag are as everywhere.
 */

import type { MapView } from '../view';

/** `hint` is told what the reader might have wanted instead: two fingers, or a key with the wheel. */
export function cooperate({ map }: MapView, hint: (what: 'touch' | 'wheel') => void): void {
  const box = map.getContainer();
  // The browser scrolls with one finger; what two do is left to the map, which asks for it at the first touch.
  box.style.touchAction = 'pan-x pan-y';
  const first = { capture: true, passive: true };
  box.addEventListener(
    'pointerdown',
    ({ pointerType }) => {
      if (pointerType === 'touch') map.dragging.disable();
      else map.dragging.enable();
    },
    first,
  );
  box.addEventListener('touchmove', ({ touches }) => touches.length === 1 && hint('touch'), first);
  box.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopPropagation();
      hint('wheel');
    },
    first,
  );
}
