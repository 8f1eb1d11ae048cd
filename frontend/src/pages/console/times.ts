/** Moments as the office says them: by the day, with the hour only where the hour matters. */

import { date, isToday, time } from '../../core/format';
import { lookOf } from '../../layers/report-status';
import type { Row } from './types';
import { c } from './words';

const DAY_MS = 86_400_000;
/** Due times end with their day; "until 23:59" says less than the day alone. */
const endsDay = (value: string) => time(value) === '23:59';

const isTomorrow = (value: string) => isToday(new Date(new Date(value).getTime() - DAY_MS).toISOString());
const isYesterday = (value: string) => isToday(new Date(new Date(value).getTime() + DAY_MS).toISOString());

export function dayOf(value: string): string {
  if (isToday(value)) return c.today;
  if (isTomorrow(value)) return c.tomorrow;
  return isYesterday(value) ? c.yesterday : date(value);
}

export const momentOf = (value: string): string => (endsDay(value) ? dayOf(value) : `${dayOf(value)} ${time(value)}`);

/** When it came in: the hour of today's, the day of all others. */
export const sinceOf = (value: string): string => (isToday(value) ? time(value) : dayOf(value));

type Timed = Pick<Row, 'status' | 'level' | 'due_at' | 'accept_by'>;

/** Until when somebody has to do the next thing; '' when nobody has. */
export function limitOf({ status, due_at, accept_by }: Timed): string {
  const until = status === 'submitted' ? accept_by : due_at;
  return until ? momentOf(until) : '';
}

/** Name of the look: late and soon before what is being done. */
export function rowLook({ status, level }: Pick<Row, 'status' | 'level'>): string {
  if (level === 'red' || level === 'orange') return 'late';
  return level === 'yellow' ? 'soon' : lookOf(status);
}
