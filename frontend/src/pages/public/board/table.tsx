/** The ranking: one row for each township, a card on phones. */

import { month, number } from '../../../core/format';
import { Mark } from '../../../core/icons/Icon';
import type { Board, BoardRow } from '../../../core/types';
import { listed, select } from '../../../core/url';
import { pct, signed, toggle, told } from './data';
import { RowsOf } from './rows';
import { b } from './words';

const COLUMNS = 8;
const SPARK = { width: 88, height: 28, edge: 4 };

const cut = (value: number) => `${Math.max(0, Math.min(100, value))}%`;

function Bar({ actual, planned, difference }: BoardRow) {
  const late = difference !== null && told(difference).tone === 'late';
  return (
    <span class={late ? 'bar late' : 'bar'}>
      {actual !== null && <i style={{ width: cut(actual) }} />}
      {planned !== null && <u style={{ left: cut(planned) }} />}
    </span>
  );
}

/** The course of the months, 0 to 100 from bottom to top in every row alike. */
function Spark({ row: { series, difference } }: { row: BoardRow }) {
  const points = series.flatMap(({ actual }, at) => (actual === null ? [] : [{ at, actual }]));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const step = (SPARK.width - 2 * SPARK.edge) / Math.max(1, series.length - 1);
  const x = (at: number) => SPARK.edge + at * step;
  const y = (value: number) => SPARK.edge + (1 - value / 100) * (SPARK.height - 2 * SPARK.edge);
  const colour = difference !== null && told(difference).tone === 'late' ? 'var(--m-late)' : 'var(--m-work)';
  const when = (at: number) => month(series[at]?.month ?? '');
  return (
    <svg
      class="spark"
      width={SPARK.width}
      height={SPARK.height}
      role="img"
      aria-label={b.courseOf(when(first.at), when(last.at), pct(first.actual), pct(last.actual))}
    >
      <path
        d={points
          .map(({ at, actual }, index) => `${index ? 'L' : 'M'}${x(at).toFixed(1)} ${y(actual).toFixed(1)}`)
          .join('')}
        fill="none"
        stroke={colour}
        stroke-width="2"
        stroke-linejoin="round"
      />
      <circle cx={x(last.at)} cy={y(last.actual)} r="3" fill={colour} />
    </svg>
  );
}

/** What has to be looked at; else how many projects there are. */
function look(row: BoardRow): string {
  const parts: [number, (n: string) => string][] = [
    [row.late, b.lates],
    [row.stopped, b.stops],
    [row.backward, b.backs],
    [row.soon, b.soons],
  ];
  const found = parts.flatMap(([count, words]) => (count ? [words(number(count))] : []));
  return found.length ? found.join(b.and) : b.projects(number(row.projects));
}

function Versus({ difference }: { difference: number }) {
  const { mark, tone, text } = told(difference);
  return (
    <span class={`status ${tone}`}>
      <Mark name={mark} />
      {text}
    </span>
  );
}

function Figure({ row, open }: { row: BoardRow; open: boolean }) {
  if (row.actual === null) return <span class="mut f13">{row.projects ? b.noFigure : b.none}</span>;
  const text = pct(row.actual);
  return (
    <button
      type="button"
      class="link bnum"
      aria-expanded={open}
      aria-label={b.rowsOf(row.name, text)}
      onClick={() => toggle(row.code)}
    >
      {text}
    </button>
  );
}

/** Phones have no heading above it: the month is said beside the number. */
function Change({ points, since }: { points: number | null; since: string }) {
  if (points === null) return null;
  return (
    <>
      <span class="only-p mut">{b.change(month(since))} </span>
      {signed(points)}
    </>
  );
}

function Township({ row, rank, since }: { row: BoardRow; rank: number; since: string | null }) {
  const open = listed.at.value === row.code;
  return (
    <>
      <tr id={`at-${row.code}`} class={open ? 'open' : ''}>
        <td class="only-d mut">{rank}</td>
        <th scope="row">
          <button type="button" class="link name" onClick={() => select({ kind: 'township', id: row.code })}>
            {row.name}
          </button>
        </th>
        <td class="bx">
          <Bar {...row} />
        </td>
        <td class="r fig">
          <Figure row={row} open={open} />
        </td>
        <td class="r sub only-d">{row.planned !== null && pct(row.planned)}</td>
        <td class="vs">{row.difference !== null && <Versus difference={row.difference} />}</td>
        <td class={since ? 'r chg' : 'only-d'}>
          {since ? <Change points={row.change} since={since} /> : <Spark row={row} />}
        </td>
        <td class="lk">
          {row.projects > 0 && (
            <button
              type="button"
              class="link"
              aria-expanded={open}
              aria-label={b.lookOf(row.name, look(row))}
              onClick={() => toggle(row.code)}
            >
              {look(row)}
            </button>
          )}
        </td>
      </tr>
      {open && (
        <tr class="inner">
          <td colSpan={COLUMNS}>
            <RowsOf />
          </td>
        </tr>
      )}
    </>
  );
}

/** "1–8 月" above the curves, or the month that is compared with. */
function course({ compare, rows }: Board): string {
  if (compare) return b.change(month(compare));
  const series = rows.find((row) => row.series.length)?.series ?? [];
  const [first, last] = [series[0], series.at(-1)];
  return first && last ? b.course(month(first.month), month(last.month)) : '';
}

export function Ranking({ data }: { data: Board }) {
  const { rows, month: now, compare } = data;
  return (
    <div class="tb">
      <table>
        <caption class="sr">{b.caption(now ? month(now, true) : '')}</caption>
        <thead>
          <tr>
            <th scope="col" class="only-d">
              #
            </th>
            <th scope="col">{b.place}</th>
            <th scope="col" class="bx">
              {b.done}
              <span class="mut">
                <i class="dot" />
                {b.tick}
              </span>
            </th>
            <th scope="col" class="r">
              {b.actual}
            </th>
            <th scope="col" class="r only-d">
              {b.plan}
            </th>
            <th scope="col">{b.versus}</th>
            <th scope="col" class={compare ? 'r' : 'only-d'}>
              {course(data)}
            </th>
            <th scope="col">{b.look}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Township key={row.code} row={row} rank={index + 1} since={compare} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
