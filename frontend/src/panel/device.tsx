/** A device in the panel; what draws it is loaded with the first one. */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../core/i18n';
import type { Device } from '../core/types';
import { Skeleton } from '../core/ui/Notes';
import { say } from '../core/ui/toast';

const part = signal<typeof import('../devices/facts') | null>(null);

async function bring(): Promise<void> {
  try {
    const loaded = await import('../devices/facts');
    await loaded.load();
    part.value = loaded;
  } catch {
    say(t.offline);
  }
}

export function DevicePart({ device }: { device: Device }) {
  useEffect(() => void (part.peek() ?? bring()), []);
  return part.value ? <part.value.DeviceFacts device={device} /> : <Skeleton />;
}
