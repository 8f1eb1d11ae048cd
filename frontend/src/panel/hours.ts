/**
 * Opening hours as people write them: "周一至周五 8:30–17:00，周六 9:00–11:30", "全天开放", "9:00–21:00，周一闭馆".
 * Only what is written out this plainly says whether a place is open; "上学日 …" and "有险情时开放" say nothing of today.
 */

const ALWAYS = /^(全天|24\s*小时)(开放)?$/;
const DAYS = '一二三四五六日';
const CLOSED = /^(闭馆|休息|不开放)$/;
const SPAN = /^(\d{1,2}):(\d{2})\s*[–—~-]\s*(\d{1,2}):(\d{2})$/;
const PART = new RegExp(`^(?:每天|(?:周([${DAYS}])(?:至周([${DAYS}]))?))?\\s*(.*)$`);

/** Day of the week (0 is Monday) and minute of the day in the county. */
export interface Moment {
  day: number;
  minute: number;
}

export function momentOf(now: Date): Moment {
  // China is eight hours ahead of Greenwich, the whole year.
  const there = new Date(now.getTime() + 8 * 3600_000);
  return { day: (there.getUTCDay() + 6) % 7, minute: there.getUTCHours() * 60 + there.getUTCMinutes() };
}

/** Whether a day lies in "周一至周五"; the week may turn: "周六至周二". */
const lies = (day: number, [from = 0, to = 6]: number[]) =>
  from <= to ? day >= from && day <= to : day >= from || day <= to;

/** Minutes of "8:30–17:00"; null where it is written otherwise. */
function span(text: string): [from: number, to: number] | null {
  const [h1, m1 = 0, h2 = 0, m2 = 0] = SPAN.exec(text)?.slice(1).map(Number) ?? [];
  return h1 === undefined ? null : [h1 * 60 + m1, h2 * 60 + m2];
}

/** Whether `hours` say it is open; null where they do not say it plainly. */
export function isOpen(hours: string, { day, minute }: Moment): boolean | null {
  if (ALWAYS.test(hours.trim())) return true;
  let open = false;
  let days: number[] = [];
  for (const part of hours.split(/[，,；;]/)) {
    const [, first, last, rest = ''] = PART.exec(part.trim()) ?? [];
    if (first) days = [DAYS.indexOf(first), DAYS.indexOf(last ?? first)];
    const today = lies(day, days);
    const shut = first && CLOSED.test(rest);
    const times = span(rest);
    if (!shut && !times) return null;
    if (shut && today) return false;
    open ||= Boolean(today && times && minute >= times[0] && minute < times[1]);
  }
  return open;
}
