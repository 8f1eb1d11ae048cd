/** Tracking codes that somebody chose to keep on this device. Nothing is kept unasked: a phone is often shared. */

import { signal } from '@preact/signals';

const KEY = 'kept-reports';
const MOST = 50;

export interface Kept {
  code: string;
  number: string;
  title: string;
  /** When it was kept, ISO. */
  at: string;
}

function read(): Kept[] {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown;
    return Array.isArray(found) ? (found as Kept[]) : [];
  } catch {
    return [];
  }
}

export const kept = signal<Kept[]>(read());

/** Whether it could be kept: storage may be full or switched off. */
function write(next: Kept[]): boolean {
  try {
    if (next.length) localStorage.setItem(KEY, JSON.stringify(next));
    else localStorage.removeItem(KEY);
    kept.value = next;
    return true;
  } catch {
    return false;
  }
}

export const isKept = (code: string): boolean => kept.value.some((one) => one.code === code);

export function keep(one: Kept): boolean {
  return write([one, ...kept.value.filter(({ code }) => code !== one.code)].slice(0, MOST));
}

export function forget(code: string): boolean {
  return write(kept.value.filter((one) => one.code !== code));
}
