/** Words of devices, and how their numbers and times are spoken. */

import { boot } from '../core/boot';
import { date, isToday, number, time } from '../core/format';
import type { DevicesDict } from './dict/zh';

/** The dictionary; read it inside functions, it is filled before the first render. */
export let d: DevicesDict;

export async function loadWords(): Promise<void> {
  const module = boot.lang === 'en' ? await import('./dict/en') : await import('./dict/zh');
  d = module.default;
}

/** A unit by its UCUM code as people write it. */
export const unitWord = (code: string): string => d.units[code] ?? code;

/** "84 厘米". */
export const spoken = (value: number, unit: string): string => `${number(value)} ${unitWord(unit)}`.trim();

const SECONDS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** "35 分钟": one unit, rounded; two days and more in days. */
export function lasting(seconds: number): string {
  const [unit, size] = SECONDS.find(([, of]) => seconds >= of * (of === 86_400 ? 2 : 1)) ?? ['s', 1];
  return d.span(Math.max(1, Math.round(seconds / size)), unit);
}

export const age = (moment: string): string => d.ago(lasting((Date.now() - Date.parse(moment)) / 1000));

/** "9:45" of today, "9 月 15 日 9:45" of another day. */
export const when = (moment: string): string => (isToday(moment) ? time(moment) : `${date(moment)} ${time(moment)}`);
