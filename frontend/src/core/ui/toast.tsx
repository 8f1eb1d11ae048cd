/** One short message at a time, said aloud by readers, gone after six seconds. */

import { signal } from '@preact/signals';

const STAYS_MS = 6000;
const message = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  message.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message.value = '';
  }, STAYS_MS);
}

export function Toast() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {message.value && <p class="toast">{message.value}</p>}
    </div>
  );
}
