/** One device: what it says now, how that went, what was wrong, what it saw. For the panel and for the staff's page. */

import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { endpoints } from '../core/endpoints';
import { named, number } from '../core/format';
import { Icon, Mark } from '../core/icons/Icon';
import { statusLook } from '../core/icons/marks';
import '../layers/devices';
import { loader } from '../core/load';
import type { Alarm, Device, DeviceSeries, DeviceStream } from '../core/types';
import { LoadNote } from '../core/ui/Notes';
import { Facts, Status } from '../core/ui/Status';
import { Toolbar } from '../core/ui/Toolbar';
import { Curve, SeriesTable } from './chart';
import { age, d, lasting, loadWords, spoken, unitWord, when } from './words';

const DAY = 24;
const HOUR_MS = 3_600_000;
/** Readings further apart say nothing about the last hour. */
const LONGEST_MS = 2 * HOUR_MS;
/** Beyond that a straight line says nothing about a well or a river. */
const FORESEEN_S = 6 * 3600;

const curves = loader<DeviceSeries>((key, signal) => {
  const [id = '', stream = '', hours = ''] = key.split(':');
  return endpoints.deviceSeries(Number(id), stream, Number(hours), signal);
});

const titled = (of: { title: string; title_en: string }) => named(of as unknown as Record<string, unknown>, 'title');

/** How fast it changes, per second, since about an hour before the newest reading; null where that cannot be told. */
function pace({ ts, mean, step_s }: DeviceSeries): number | null {
  const last = ts.length - 1;
  const until = ts[last] ?? 0;
  const first = ts.filter((at) => at <= until - HOUR_MS).length - 1;
  const from = ts[first];
  if (step_s || from === undefined || until - from > LONGEST_MS) return null;
  return (((mean[last] ?? 0) - (mean[first] ?? 0)) / (until - from)) * 1000;
}

/** What the newest reading means: how it changes, its limits, when it will pass the next one. */
function Meaning({ stream, series }: { stream: DeviceStream; series: DeviceSeries | undefined }) {
  const value = stream.latest?.value;
  if (value === null || value === undefined) return null;
  const slope = series && pace(series);
  const change = slope && Math.abs(slope * 3600) >= 0.1 ? slope * 3600 : null;
  const next = stream.lines.find(({ kind, on }) => (kind === 'above' ? on > value : on < value));
  const seconds = next && slope ? (next.on - value) / slope : -1;
  return (
    <ul class="f14">
      {change !== null && (
        <li>{d.change(`${change > 0 ? '+' : '−'}${spoken(Math.abs(change), stream.unit)}`, d.span(1, 'h'))}</li>
      )}
      {stream.lines.map(({ on, off }) => (
        <li key={on}>
          <Facts of={[d.limit(spoken(on, stream.unit)), off !== on && d.back(spoken(off, stream.unit))]} />
        </li>
      ))}
      {seconds > 0 && seconds < FORESEEN_S && <li class="b">{d.soon(lasting(seconds))}</li>}
    </ul>
  );
}

function Now({ device, stream, series }: { device: Device; stream: DeviceStream; series: DeviceSeries | undefined }) {
  const { latest } = stream;
  const tone = { critical: 'late', warning: 'soon' }[device.state];
  if (!latest) return <p class="mut f14">{d.never}</p>;
  return (
    <div class="now">
      <div>
        <p class="big" style={tone && { color: `var(--t-${tone})` }}>
          <b>{latest.text || number(latest.value ?? 0)}</b> {unitWord(stream.unit)}
        </p>
        <p class="f13 mut row">
          <Mark name={latest.quality ? 'soon' : 'ok'} /> <Facts of={[d.quality[latest.quality], age(latest.ts)]} />
        </p>
      </div>
      <Meaning stream={stream} series={series} />
    </div>
  );
}

function Spans({ hours, choose }: { hours: number; choose: (hours: number) => void }) {
  return (
    <Toolbar look="chips" label={d.spanOf}>
      {Object.entries(d.spans).map(([value, title]) => (
        <button
          key={value}
          type="button"
          class="chip line"
          aria-pressed={Number(value) === hours}
          onClick={() => choose(Number(value))}
        >
          {title}
        </button>
      ))}
    </Toolbar>
  );
}

interface HistoryProps {
  stream: DeviceStream;
  series: DeviceSeries;
  hours: number;
  isTable: Signal<boolean>;
}

function History({ stream, series, hours, isTable }: HistoryProps) {
  const title = titled(stream);
  if (!series.ts.length) return <p class="mut f14">{d.none}</p>;
  const missing = series.step_s ? 0 : Math.max(0, (series.expected ?? 0) - series.count);
  const asTable = isTable.value || stream.is_text;
  return (
    <>
      {asTable ? (
        <SeriesTable series={series} title={title} />
      ) : (
        <Curve key={hours} series={series} stream={stream} title={title} />
      )}
      <p class="f13 mut spread">
        <span>{series.step_s ? (series.step_s > 3600 ? d.daily : d.hourly) : d.counted(series.count, missing)}</span>
        {!stream.is_text && (
          <button
            type="button"
            class="link"
            onClick={() => {
              isTable.value = !isTable.value;
            }}
          >
            {isTable.value ? d.chart : d.table}
          </button>
        )}
      </p>
    </>
  );
}

function Streams({ device }: { device: Device }) {
  const chosen = useSignal(device.streams[0]?.key ?? '');
  const hours = useSignal(DAY);
  const isTable = useSignal(false);
  const stream = device.streams.find(({ key }) => key === chosen.value);
  const key = stream ? `${device.id}:${stream.key}:${hours.value}` : '';
  // A new reading makes a new curve.
  useEffect(() => void (key && curves.load(key)), [key, stream?.latest?.ts]);
  if (!stream) return null;
  const load = curves.state.value;
  const series = load.key === key ? load.data : undefined;
  return (
    <section class="sec" aria-label={d.streams}>
      {device.streams.length > 1 && (
        <div class="chips wrapped">
          {device.streams.map((one) => (
            <button
              key={one.key}
              type="button"
              class="chip line"
              aria-pressed={one.key === chosen.value}
              onClick={() => {
                chosen.value = one.key;
              }}
            >
              {titled(one)}
            </button>
          ))}
        </div>
      )}
      <Now device={device} stream={stream} series={hours.value === DAY ? series : undefined} />
      <div class="sech">
        <h2>{titled(stream)}</h2>
        <Spans
          hours={hours.value}
          choose={(value) => {
            hours.value = value;
          }}
        />
      </div>
      <LoadNote what={titled(stream)} load={load} again={() => void curves.again()} />
      {series && <History stream={stream} series={series} hours={hours.value} isTable={isTable} />}
    </section>
  );
}

/** What may be done about an alarm; the staff's page brings it. */
export type ActsOf = (alarm: Alarm) => ComponentChildren;

const LEVELS = ['', 'notice', 'warning', 'critical'];

/** How an alarm looks: over, bad, or to be watched. */
export const lookOfAlarm = ({ cleared, kind, level }: Alarm): string =>
  cleared ? 'done' : kind === 'offline' ? kind : (LEVELS[level] ?? 'notice');

function AlarmLine({ of, acts }: { of: Alarm; acts: ActsOf | undefined }) {
  const { cleared, work } = of;
  const from = when(of.since ?? '');
  return (
    <li>
      <div class="li">
        <Mark name={statusLook(lookOfAlarm(of)).mark} />
        <div class="grow">
          <span class="t">{of.what}</span>
          <span class="d">
            <Facts
              of={[
                cleared ? d.until(from, when(cleared)) : d.since(from),
                work?.acknowledged_at && d.acknowledged,
                work?.snoozed_until && d.snoozed(when(work.snoozed_until)),
                work?.order && <a href={`/console?sel=order:${work.order}`}>{d.order}</a>,
              ]}
            />
          </span>
        </div>
        <Status status={lookOfAlarm(of)} title={cleared ? d.cleared : of.level_title} />
      </div>
      {acts?.(of)}
    </li>
  );
}

function Picture({ device }: { device: Device }) {
  const [newest] = device.snapshots;
  if (!device.may_watch || device.streams.length) return null;
  return (
    <section class="sec" aria-label={d.picture}>
      <div class="sech">
        <h2>{d.picture}</h2>
        {newest && <span class="mut f13">{age(newest.taken_at)}</span>}
      </div>
      {newest ? (
        <a class="shot" href={newest.urls.large} target="_blank" rel="noopener">
          <img src={newest.urls.medium} alt={newest.urls.alt} width={newest.urls.width} height={newest.urls.height} />
        </a>
      ) : (
        <p class="mut f14">{d.pictureNone}</p>
      )}
      {device.stream_url && (
        <a class="btn block" href={device.stream_url} target="_blank" rel="noopener noreferrer">
          <Icon name="photo" size="s" />
          {d.film}
        </a>
      )}
    </section>
  );
}

/** Words are loaded with the first device that is looked at. */
export const load = loadWords;

/** The state of a device in words, with its mark. */
export function State({ device }: { device: Device }) {
  const since = device.alarms.find(({ cleared }) => !cleared)?.since ?? device.since;
  return (
    <Status
      status={device.state}
      title={d.states[device.state as keyof typeof d.states]}
      detail={since && device.state !== 'online' ? d.since(when(since)) : undefined}
    />
  );
}

export function DeviceFacts({ device, acts }: { device: Device; acts?: ActsOf }) {
  return (
    <>
      <section class="sec">
        <p class="spread">
          <State device={device} />
          {device.state === 'offline' && device.seen_at && (
            <span class="f13 mut">{d.lastSeen(when(device.seen_at))}</span>
          )}
        </p>
      </section>
      <Picture device={device} />
      <Streams key={device.id} device={device} />
      <section class="sec" aria-label={d.alarms}>
        <div class="sech">
          <h2>{d.alarms}</h2>
        </div>
        {device.alarms.length ? (
          <ul>
            {device.alarms.map((alarm) => (
              <AlarmLine key={alarm.id} of={alarm} acts={acts} />
            ))}
          </ul>
        ) : (
          <p class="mut f14">{d.alarmsNone}</p>
        )}
      </section>
    </>
  );
}
