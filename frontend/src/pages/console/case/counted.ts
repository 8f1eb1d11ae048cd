/** How a due time was counted, in sentences: the days, the holidays in between, the weekends that are worked. */

import { date } from '../../../core/format';
import type { Order } from '../types';
import { c } from '../words';

type Day = Order['counted']['free'][number];

const DAY_MS = 86_400_000;
const isNext = (day: Day, before: Day | undefined) =>
  before?.name === day.name && Date.parse(day.on) - Date.parse(before.on) === DAY_MS;

/** "国庆节 10 月 1 日至 10 月 7 日": days in a row that have one name. */
function spans(days: Day[]): string {
  const rows: Day[][] = [];
  for (const day of days) {
    const row = rows.at(-1);
    if (row && isNext(day, row.at(-1))) row.push(day);
    else rows.push([day]);
  }
  return rows
    .map((row) => {
      const [first, last] = [row[0], row.at(-1)];
      if (!first || !last) return '';
      return c.daysOf(first.name, date(first.on), first === last ? '' : date(last.on));
    })
    .join(c.and);
}

export function countedOf({ counted, history }: Order): string {
  const { since, workdays, paused_days, free, made_up, is_provisional } = counted;
  const moved = history.filter(
    ({ move, data }) => !['open', 'assign', 'resume'].includes(move) && data && 'due' in data,
  );
  return [
    c.countedFrom(date(since), workdays),
    free.length > 0 && c.skips(spans(free)),
    made_up.length > 0 && c.makesUp(made_up.map(({ on }) => date(on)).join(c.and)),
    paused_days > 0 && c.stood(paused_days),
    ...moved.map(({ title }) => title),
    is_provisional && c.provisional,
  ]
    .filter(Boolean)
    .join(c.clause);
}
