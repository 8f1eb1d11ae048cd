/** Large type and dark: remembered on this device, applied to `<html>`, never sent anywhere. */

import { signal } from '@preact/signals';

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off: the choice holds for this page only
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // see above
  }
}

const theme = remembered('theme');
export const dark = signal(theme ? theme === 'dark' : system.matches);
export const large = signal(remembered('size') === 'large');

function apply(): void {
  if (remembered('theme')) root.dataset.theme = dark.value ? 'dark' : 'light';
  if (large.value) root.dataset.size = 'large';
  else delete root.dataset.size;
}

export function toggleDark(): void {
  const next = !dark.value;
  remember('theme', next ? 'dark' : 'light');
  root.dataset.theme = next ? 'dark' : 'light';
  dark.value = next;
}

export function toggleLarge(): void {
  large.value = !large.value;
  remember('size', large.value ? 'large' : 'normal');
  apply();
}

/** Paper is light, and a canvas cannot be drawn again before it is printed: the print rules turn its colours round. */
addEventListener('beforeprint', () => root.toggleAttribute('data-drawn-dark', dark.peek()));

system.addEventListener?.('change', ({ matches }) => {
  if (!remembered('theme')) dark.value = matches;
});
apply();
