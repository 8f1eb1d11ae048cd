/** What may be chosen: kinds, states and findings, and of the reasons the one that the next K gives. */

import { signal } from '@preact/signals';
import { review } from './api';
import type { Options } from './types';

export const options = signal<Options | null>(null);
export const reason = signal('');
export const firstReason = () => options.peek()?.reasons[0]?.value ?? '';

let asking: Promise<void> | undefined;

/** What did not come is asked for again with the next point. */
export function loadOptions(): Promise<void> {
  asking ??= review.options().then(
    (found) => {
      options.value = found;
      reason.value ||= firstReason();
    },
    (error) => {
      asking = undefined;
      throw error;
    },
  );
  return asking;
}
