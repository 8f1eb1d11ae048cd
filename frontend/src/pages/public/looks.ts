/** Layers whose looks are sent for when somebody turns them on. */

import { signal } from '@preact/signals';

const arrived = signal(false);

/** Whether the looks of a layer are there; those of devices come with all that follows devices. */
export function hasLooks(key: string): boolean {
  if (key !== 'devices' || arrived.value) return true;
  const done = () => {
    arrived.value = true; // without them devices are drawn as any layer is
  };
  import('./devices').then(done, done);
  return false;
}
