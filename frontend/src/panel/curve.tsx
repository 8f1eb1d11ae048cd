/** A progress curve by month: solid is what was done, dashed is the plan; the same numbers stand in a table. */

import { month, number, percent } from '../core/format';
import type { Indicator, MonthValue } from '../core/types';
import { p } from './words';

const BOX = { left: 34, right: 296, top: 12, bottom: 110, width: 340, height: 132 };

interface Spot {
  x: number;
  y: number;
  value: number;
  at: number;
}

function spots(months: MonthValue[], pick: (month: MonthValue) => number | null): Spot[] {
  const step = months.length > 1 ? (BOX.right - BOX.left) / (months.length - 1) : 0;
  return months.flatMap((value, at) => {
    const read = pick(value);
    if (read === null) return [];
    const y = BOX.bottom - (Math.max(0, Math.min(100, read)) / 100) * (BOX.bottom - BOX.top);
    return [{ x: BOX.left + at * step, y, value: read, at }];
  });
}

const line = (points: Spot[]) =>
  points.map(({ x, y }, i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

function Axes({ months }: { months: MonthValue[] }) {
  const every = Math.max(1, Math.ceil(months.length / 6));
  const step = months.length > 1 ? (BOX.right - BOX.left) / (months.length - 1) : 0;
  return (
    <>
      {[0, 50, 100].map((value) => {
        const y = BOX.bottom - (value / 100) * (BOX.bottom - BOX.top);
        return (
          <g key={value}>
            <path d={`M${BOX.left} ${y}H${BOX.right}`} stroke="var(--line)" />
            <text x={BOX.left - 6} y={y + 4} text-anchor="end">
              {value}
            </text>
          </g>
        );
      })}
      {months.map((value, at) =>
        at % every ? null : (
          <text key={value.month} x={BOX.left + at * step} y={BOX.bottom + 17} text-anchor="middle">
            {month(value.month)}
          </text>
        ),
      )}
    </>
  );
}

export function ProgressCurve({ indicator, tone }: { indicator: Indicator; tone: string }) {
  const { months, title } = indicator;
  const actual = spots(months, (value) => value.actual);
  const planned = spots(months, (value) => value.planned);
  const last = actual.at(-1);
  const lastPlan = planned.at(-1);
  const colour = tone === 'late' ? 'late' : tone === 'done' ? 'done' : tone === 'pause' ? 'pause' : 'work';
  const latest = last && months[last.at];
  const label = latest
    ? p.curve(
        title,
        month(latest.month, true),
        percent(last.value),
        latest.planned === null ? '–' : percent(latest.planned),
      )
    : title;
  return (
    <svg class="curve" viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={label}>
      <Axes months={months} />
      <path d={line(planned)} fill="none" stroke="var(--ink-3)" stroke-width="1.5" stroke-dasharray="5 4" />
      <path d={line(actual)} fill="none" stroke={`var(--m-${colour})`} stroke-width="2.5" stroke-linejoin="round" />
      {actual.map((point) => (
        <circle key={point.at} cx={point.x} cy={point.y} r={point === last ? 4.5 : 2.4} fill={`var(--m-${colour})`} />
      ))}
      {last && (
        <text class="last" x={last.x + 8} y={last.y + 14} style={{ '--last': `var(--t-${colour})` }}>
          {percent(last.value)}
        </text>
      )}
      {lastPlan && (
        <text x={lastPlan.x + 6} y={lastPlan.y + (lastPlan.x === last?.x ? -2 : 4)}>
          {p.plan}
        </text>
      )}
    </svg>
  );
}

function Difference({ value }: { value: MonthValue }) {
  if (value.actual === null || value.planned === null) return <>–</>;
  const points = value.actual - value.planned;
  return <>{Math.abs(points) < 0.05 ? '0' : `${points > 0 ? '+' : '−'}${number(Math.abs(points))}`}</>;
}

export function MonthTable({ indicator, named }: { indicator: Indicator; named: boolean }) {
  const cell = (value: number | null) => (value === null ? '–' : `${number(value)}${indicator.unit}`);
  return (
    <table>
      <caption class={named ? 'f13 b' : 'sr'}>{indicator.title}</caption>
      <thead>
        <tr>
          <th scope="col">{p.month}</th>
          <th scope="col" class="r">
            {p.plan}
          </th>
          <th scope="col" class="r">
            {p.actual}
          </th>
          <th scope="col" class="r">
            {p.difference}
          </th>
        </tr>
      </thead>
      <tbody>
        {[...indicator.months].reverse().map((value) => (
          <tr key={value.month}>
            <th scope="row">{month(value.month, true)}</th>
            <td class="r">{cell(value.planned)}</td>
            <td class="r">{cell(value.actual)}</td>
            <td class="r">
              <Difference value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
