/**
 * What a stream measured, as a curve: the mean as a line, lowest and highest as a band around it, limits of alarms
 * across. One can go along it with the mouse, a finger or the arrow keys; the same numbers stand in a table.
 */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { number } from '../core/format';
import type { DeviceSeries, DeviceStream } from '../core/types';
import { d, spoken, when } from './words';

const BOX = { left: 34, right: 330, top: 10, bottom: 128, width: 340, height: 150 };
/** A line ends where so many of its steps are missing. */
const GAP_STEPS = 2.5;
const STEPS = [1, 2, 2.5, 5, 10];

export interface Scale {
  x(at: number): number;
  y(value: number): number;
  ticks: number[];
}

/** Round numbers that hold `low` to `high`, about four of them. */
export function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || Math.abs(high) || 1) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
}

function scaleOf(series: DeviceSeries, stream: DeviceStream): Scale {
  const [from, to] = [Date.parse(series.since), Date.parse(series.until)];
  const values = [...series.low, ...series.high];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  // A limit is drawn where it is near; far above what was measured it would press the curve flat.
  const near = stream.lines.map(({ on }) => on).filter((on) => on < highest * 2.5 && on > lowest / 2.5);
  const ticks = ticksOf(Math.min(lowest, ...near), Math.max(highest, ...near));
  const [bottom = 0, top = 1] = [ticks[0], ticks.at(-1)];
  return {
    x: (at) => BOX.left + ((at - from) / (to - from)) * (BOX.right - BOX.left),
    y: (value) => BOX.bottom - ((value - bottom) / (top - bottom)) * (BOX.bottom - BOX.top),
    ticks,
  };
}

/** Indices of points that belong together: no gap between them. */
function runs(series: DeviceSeries, stream: DeviceStream): number[][] {
  const step = (series.step_s || stream.expected_s || Number.POSITIVE_INFINITY) * GAP_STEPS * 1000;
  const found: number[][] = [];
  series.ts.forEach((at, index) => {
    const before = series.ts[index - 1];
    if (before === undefined || at - before > step) found.push([]);
    found.at(-1)?.push(index);
  });
  return found;
}

function Lines({ series, stream, scale }: { series: DeviceSeries; stream: DeviceStream; scale: Scale }) {
  const point = (index: number, values: number[]) =>
    `${scale.x(series.ts[index] ?? 0).toFixed(1)} ${scale.y(values[index] ?? 0).toFixed(1)}`;
  return (
    <>
      {runs(series, stream).map((run) => {
        const line = `M${run.map((index) => point(index, series.mean)).join('L')}`;
        const band = [...run.map((i) => point(i, series.high)), ...[...run].reverse().map((i) => point(i, series.low))];
        return (
          <g key={run[0]} fill="none" stroke="var(--m-work)" stroke-linejoin="round" stroke-linecap="round">
            {series.step_s > 0 && <path d={`M${band.join('L')}Z`} fill="var(--m-work)" opacity=".2" stroke="none" />}
            <path d={run.length > 1 ? line : `${line}h0`} stroke-width={run.length > 1 ? 2 : 4} />
          </g>
        );
      })}
    </>
  );
}

function Limits({ stream, scale }: { stream: DeviceStream; scale: Scale }) {
  const [bottom = 0, top = 0] = [scale.ticks[0], scale.ticks.at(-1)];
  return (
    <>
      {stream.lines
        .filter(({ on }) => on >= bottom && on <= top)
        .map(({ on, kind, level }) => {
          const [y, tone] = [scale.y(on), level > 2 ? 'late' : 'soon'];
          const above = kind === 'above';
          return (
            <g key={on}>
              <rect
                x={BOX.left}
                y={above ? BOX.top : y}
                width={BOX.right - BOX.left}
                height={above ? y - BOX.top : BOX.bottom - y}
                fill={`var(--s-${tone})`}
              />
              <path d={`M${BOX.left} ${y}H${BOX.right}`} stroke={`var(--t-${tone})`} stroke-dasharray="5 3" />
              <text x={BOX.left + 4} y={above ? y - 4 : y + 14} style={{ fill: `var(--t-${tone})` }}>
                {d.limit(spoken(on, stream.unit))}
              </text>
            </g>
          );
        })}
    </>
  );
}

function Axes({ series, scale }: { series: DeviceSeries; scale: Scale }) {
  const [from, to] = [Date.parse(series.since), Date.parse(series.until)];
  const isDay = to - from <= 2 * 86_400_000;
  const name = (at: number) => {
    const said = when(new Date(at).toISOString());
    return isDay ? said.slice(-5) : said.slice(0, -6);
  };
  return (
    <>
      {scale.ticks.map((value) => (
        <g key={value}>
          <path d={`M${BOX.left} ${scale.y(value)}H${BOX.right}`} stroke="var(--line)" />
          <text x={BOX.left - 6} y={scale.y(value) + 4} text-anchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      {[0, 1, 2, 3].map((n) => {
        const at = from + ((to - from) * n) / 3;
        return (
          <text key={n} x={scale.x(at)} y={BOX.bottom + 17} text-anchor={['start', 'middle', 'middle', 'end'][n]}>
            {name(at)}
          </text>
        );
      })}
    </>
  );
}

/** What one point says: its value, or lowest, mean and highest of its span. */
function told(series: DeviceSeries, index: number): string {
  const [low = 0, mean = 0, high = 0] = [series.low[index], series.mean[index], series.high[index]];
  const at = when(new Date(series.ts[index] ?? 0).toISOString());
  if (!series.step_s) return `${at}  ${spoken(mean, series.unit)}`;
  return `${at}  ${d.mean} ${spoken(mean, series.unit)} · ${number(low)}–${number(high)}`;
}

export function Curve({ series, stream, title }: { series: DeviceSeries; stream: DeviceStream; title: string }) {
  const at = useSignal<number | null>(null);
  const id = useId();
  const scale = scaleOf(series, stream);
  const last = series.ts.length - 1;
  const shown = Math.min(at.value ?? last, last);
  const follow = ({ currentTarget, clientX }: PointerEvent & { currentTarget: Element }) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const x = ((clientX - left) / width) * BOX.width;
    const away = series.ts.map((moment) => Math.abs(scale.x(moment) - x));
    at.value = away.indexOf(Math.min(...away));
  };
  const step: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageUp: -24,
    PageDown: 24,
    Home: -last,
    End: last,
  };
  const [x, y] = [scale.x(series.ts[shown] ?? 0), scale.y(series.mean[shown] ?? 0)];
  return (
    <>
      <p class="f13 r" id={id}>
        {told(series, shown)}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${title}: ${d.readAt}`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={shown}
        aria-valuetext={told(series, shown)}
        onKeyDown={(event) => {
          const by = step[event.key];
          if (by === undefined) return;
          event.preventDefault();
          at.value = Math.max(0, Math.min(last, shown + by));
        }}
      >
        <svg
          class="curve"
          viewBox={`0 0 ${BOX.width} ${BOX.height}`}
          aria-hidden="true"
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={() => {
            at.value = null;
          }}
        >
          <Limits stream={stream} scale={scale} />
          <Axes series={series} scale={scale} />
          <Lines series={series} stream={stream} scale={scale} />
          {at.value !== null && <path d={`M${x} ${BOX.top}V${BOX.bottom}`} stroke="var(--ink-3)" />}
          <circle cx={x} cy={y} r="4.5" fill="var(--m-work)" stroke="var(--surface)" stroke-width="1.5" />
        </svg>
      </div>
    </>
  );
}

export function SeriesTable({ series, title }: { series: DeviceSeries; title: string }) {
  const columns = series.step_s ? ([series.low, series.mean, series.high] as const) : ([series.mean] as const);
  const heads = series.step_s ? [d.low, d.mean, d.high] : [d.value];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section class="long" tabIndex={0} aria-label={title}>
      <table>
        <caption class="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{d.time}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="r">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.ts
            .map((moment, index) => (
              <tr key={moment}>
                <th scope="row">{when(new Date(moment).toISOString())}</th>
                {columns.map((column, n) => (
                  <td key={heads[n]} class="r">
                    {series.text[index] || spoken(column[index] ?? 0, series.unit)}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </section>
  );
}
