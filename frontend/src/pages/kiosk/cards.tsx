/** What stands beside the map: figures, the board, the facts of a place, the code to take it along. */

import type { ComponentChildren } from 'preact';
import { address } from '../../core/api';
import { date, distance, month, number, percent } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import type {
  FacilitiesBody,
  NoticesBody,
  Overview,
  PhonesBody,
  ProgressBody,
  ProjectProgress,
  WatchedProject,
} from '../../core/types';
import { Figure } from '../../core/ui/Figure';
import { Facts, Status } from '../../core/ui/Status';
import { type BoardRow, board, type PlaceFacts } from './data';
import { plan } from './plan';
import { told } from './told';
import { k } from './words';

interface CardProps {
  title: string;
  aside?: string;
  /** As high as what is in it; others share the room that is left. */
  few?: boolean;
  children: ComponentChildren;
}

/** A list never shows half a row: what has no room is left out (kiosk.css). */
export function Card({ title, aside, few, children }: CardProps) {
  return (
    <section class={few ? 'kcard few' : 'kcard'} aria-label={title}>
      <h2>
        {title} {aside && <small>{aside}</small>}
      </h2>
      {children}
    </section>
  );
}

const MOST_PHONES = 2;
const MOST_NOTICES = 2;

const Nothing = ({ children }: { children: ComponentChildren }) => <p class="knone">{children}</p>;

export function Figures({ of }: { of: [count: number, title: string, mark: string][] }) {
  return (
    <div class="kfigs">
      {of.map(([count, title, mark]) => (
        <Figure key={title} count={count} title={title} mark={mark} />
      ))}
    </div>
  );
}

export const figuresOf = (counts: Overview['counts']): [number, string, string][] => [
  [counts.projects, k.running, 'work'],
  [counts.late, k.late, 'late'],
  [counts.stopped, k.stoppedWorks, 'pause'],
];

/** The same of one place, from its own works. */
export const figuresIn = (works: ProjectProgress[], total: number): [number, string, string][] => [
  [total, k.running, 'work'],
  [works.filter(({ status }) => status === 'late').length, k.late, 'late'],
  [works.filter(({ status }) => status === 'stopped').length, k.stoppedWorks, 'pause'],
];

const whole = (value: number | null) => (value === null ? '–' : percent(Math.round(value)));

export function Bar({
  actual,
  planned,
  label,
  late,
}: {
  actual: number;
  planned: number | null;
  label: string;
  late: boolean;
}) {
  return (
    <span class={late ? 'kbar late' : 'kbar'} role="img" aria-label={label}>
      <i style={{ width: `${Math.min(100, actual)}%` }} />
      {planned !== null && <u style={{ left: `${Math.min(99.4, planned)}%` }} />}
    </span>
  );
}

function Row({ row, here }: { row: BoardRow; here: boolean }) {
  const { actual, planned, difference } = row;
  const look = difference === null ? null : told(difference);
  return (
    <li class={here ? 'on' : undefined} aria-current={here ? 'true' : undefined}>
      <span class="nm">{row.name}</span>
      {actual === null ? (
        <span class="mut">{row.projects ? k.notReported : k.none}</span>
      ) : (
        <Bar
          actual={actual}
          planned={planned}
          late={look?.tone === 'late'}
          label={k.row(row.name, whole(actual), whole(planned))}
        />
      )}
      <b>{actual === null ? '' : whole(actual)}</b>
      <span class="df">
        {look && (
          <span class={`status ${look.tone}`}>
            <Mark name={look.mark} />
            {look.text}
          </span>
        )}
      </span>
    </li>
  );
}

/** Every township; the one that is shown is marked. */
export function BoardCard({ here, total: summed }: { here: string; total?: boolean }) {
  const data = board.data;
  const total = summed ? data?.total : null;
  return (
    <Card title={k.board} aside={data?.month ? k.boardOf(month(data.month, true)) : ''}>
      {total && total.actual !== null && <p class="ktotal">{k.total(whole(total.actual), whole(total.planned))}</p>}
      <ol class="krows kboard">
        {data?.rows.map((row) => (
          <Row key={row.code} row={row} here={row.code === here} />
        ))}
      </ol>
    </Card>
  );
}

export function WorkRow({ work }: { work: WatchedProject | ProjectProgress }) {
  const { actual, planned, difference } = work;
  const late = work.status === 'late';
  const said =
    actual === null ? k.notReported : planned === null ? whole(actual) : k.actualPlanned(whole(actual), whole(planned));
  return (
    <li class="kwork">
      <span class="kname">
        <b>{work.name}</b>
        <Status
          status={work.status}
          title={work.status_title}
          detail={late && difference ? number(Math.round(Math.abs(difference))) : undefined}
        />
      </span>
      {actual !== null && <Bar actual={actual} planned={planned} late={late} label={said} />}
      <span class="d">
        <Facts of={[work.township?.name ?? work.village?.name, said]} />
      </span>
    </li>
  );
}

export function WorksCard({ facts, few = false }: { facts: PlaceFacts; few?: boolean }) {
  const body = facts.section<ProgressBody>('progress');
  const works = body?.projects ?? [];
  return (
    <Card few={few} title={k.works} aside={works.length ? k.worksTotal(body?.total ?? works.length) : ''}>
      {body && !works.length && <Nothing>{k.worksNone}</Nothing>}
      <ul class="krows">
        {works.map((work) => (
          <WorkRow key={work.id} work={work} />
        ))}
      </ul>
    </Card>
  );
}

/** All that there is room for, or the `most` nearest. */
export function FacilitiesCard({ facts, most }: { facts: PlaceFacts; most?: number }) {
  const body = facts.section<FacilitiesBody>('facilities');
  return (
    <Card few={most !== undefined} title={k.facilities} aside={body?.total ? k.facilitiesTotal(body.total) : ''}>
      {body && !body.items.length && <Nothing>{k.facilitiesNone}</Nothing>}
      <ul class="krows">
        {body?.items.slice(0, most).map((item) => (
          <li key={item.id} class="kitem">
            <Icon name={item.icon} />
            <span class="nm">{item.name}</span>
            <span class="d">
              <Facts of={[item.distance_m !== null && distance(item.distance_m), item.hours]} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function PhonesCard({ facts }: { facts: PlaceFacts }) {
  const body = facts.section<PhonesBody>('phones');
  const rows = body ? [...body.contacts, ...body.supervision.map((phone) => ({ ...phone, name: '' }))] : [];
  return (
    <Card title={k.phones} few>
      {body && !rows.length && <Nothing>{k.phonesNone}</Nothing>}
      <ul class="krows">
        {rows.slice(0, MOST_PHONES).map((row) => (
          <li key={row.number + row.title + row.duty} class="kphone">
            <span class="nm">
              {row.title || row.name}
              <span class="d">{row.hours || row.duty}</span>
            </span>
            <b>{row.number}</b>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function NoticesCard({ facts }: { facts: PlaceFacts }) {
  const body = facts.section<NoticesBody>('notices');
  return (
    <Card title={k.notices} few>
      {body && !body.items.length && <Nothing>{k.noticesNone}</Nothing>}
      <ul class="krows">
        {body?.items.slice(0, MOST_NOTICES).map((notice) => (
          <li key={notice.id} class="knotice">
            <span class="nm">{notice.title}</span>
            <span class="d">{k.published(date(notice.published_on))}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The code leads to the public page of what is shown; the number is the right one to call about it. */
export function Scan({ title, path, facts }: { title: string; path: string; facts?: PlaceFacts | null }) {
  const phone = facts?.section<PhonesBody>('phones')?.supervision[0];
  return (
    <section class="kcard kscan" aria-label={title}>
      <img
        class="kqr"
        src={address('/api/qr.svg', { path: plan.home + path })}
        alt={k.scanAlt(facts?.place.name ?? k.board)}
      />
      <div>
        <h2>{title}</h2>
        <p>{phone ? k.call : k.scanWhy}</p>
        {phone && <p class="ktel">{phone.number}</p>}
      </div>
    </section>
  );
}
