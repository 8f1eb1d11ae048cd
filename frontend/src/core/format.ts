/** Numbers, dates and distances as people read them, in the language of the page. */

import { boot } from './boot';

const locale = boot.lang === 'en' ? 'en-GB' : 'zh-CN';
/** The county's clock. */
export const zone = 'Asia/Shanghai';
const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(locale, {
  month: boot.lang === 'en' ? 'short' : 'long',
  day: 'numeric',
  timeZone: zone,
});
const dayOfYear = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: boot.lang === 'en' ? 'short' : 'long',
  day: 'numeric',
  timeZone: zone,
});
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });

/** Chinese typography sets a thin gap between figures and characters: "9 月 15 日". */
const spaced = (text: string) =>
  boot.lang === 'en' ? text : text.replace(/(\d)(?=[年月日])|([年月])(?=\d)/g, '$1$2 ');

const asDate = (value: string | number) =>
  new Date(typeof value === 'string' && value.length === 10 ? `${value}T12:00:00+08:00` : value);

export const number = (value: number): string => numbers.format(value);
export const percent = (value: number): string => `${numbers.format(value)}%`;

/** "9 月 15 日"; with the year when it is not `asOf`'s. */
export function date(value: string, asOf?: string): string {
  const when = asDate(value);
  const sameYear = (asOf ? asDate(asOf) : new Date()).getFullYear() === when.getFullYear();
  return spaced((sameYear ? day : dayOfYear).format(when));
}

/** Whether a moment lies on today's date in the county. */
export const isToday = (value: string): boolean => dayOfYear.format(asDate(value)) === dayOfYear.format(new Date());
export const time = (value: string | number): string => clock.format(asDate(value));

/** "9 月 15 日 18:20". */
export const moment = (value: number): string => `${date(new Date(value).toISOString())} ${time(value)}`;

/** "120 米", "1.4 公里". */
export function distance(metres: number): string {
  const [m, km] = boot.lang === 'en' ? ['m', 'km'] : ['米', '公里'];
  if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)} ${m}`;
  return `${numbers.format(Math.round(metres / 100) / 10)} ${km}`;
}

export function bytes(size: number): string {
  return size < 1048576 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${numbers.format(size / 1048576)} MB`;
}

/** "2 月" from "2026-02"; with the year in January and when `long`. */
export function month(value: string, long = false): string {
  const [year = '', number = ''] = value.split('-');
  const index = Number(number);
  if (boot.lang === 'en') {
    const name = new Date(2000, index - 1, 1).toLocaleString('en-GB', { month: 'short' });
    return long ? `${name} ${year}` : name;
  }
  return long ? `${year} 年 ${index} 月` : `${index}月`;
}

/** The property `name` in the language of the page: `name_en` beside it, where there is one. */
export function named(properties: Record<string, unknown>, name: string): string {
  const english = boot.lang === 'en' ? properties[`${name}_en`] : '';
  const value = english || properties[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? numbers.format(value) : '';
}

/** "云溪" of "云溪县", as people say it. Without looking behind, which Safari can since 16.4 only. */
export const shortName = (county: string): string => county.replace(/^(..+)[县市区]$/, '$1');

/** A number fit for `tel:`: digits, and + at the front. */
export const dialable = (number: string): string => number.replace(/(?!^\+)[^\d]/g, '');
