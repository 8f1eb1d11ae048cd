/** The rows of a queue: one button each, with a box to do the same with several. */

import { useEffect, useRef } from 'preact/hooks';
import { time } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Empty, Skeleton } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { BulkBar } from './bulk';
import { Narrowing } from './narrowing';
import { QueueChips } from './queues';
import {
  counts,
  fetched,
  isNarrowed,
  loadMore,
  loadRows,
  narrow,
  narrowed,
  next,
  noQueue,
  ofReports,
  openLine,
  openRow,
  phase,
  queue,
  queueTitle,
  role,
  rows,
  tick,
  ticked,
  trouble,
} from './store';
import { limitOf, rowLook, sinceOf } from './times';
import type { Row } from './types';
import { c } from './words';

/** Who does the same with several. */
const ticks = ['grid_manager', 'desk', 'handler'].includes(role);
const TYPING_MS = 300;

function Line({ row, isOpen }: { row: Row; isOpen: boolean }) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li class={isOpen ? 'cr on' : 'cr'} ref={line}>
      {ticks && ofReports.value && (
        <label class="ck">
          <input
            type="checkbox"
            aria-label={c.tick(row.title)}
            checked={ticked.value.has(row.id)}
            onChange={(event) => tick(row.id, event.currentTarget.checked)}
          />
        </label>
      )}
      <button type="button" class="grow" aria-current={isOpen ? 'true' : undefined} onClick={() => openLine(row.id)}>
        <span class="crt">
          <span class="t">
            {row.title} {row.is_urgent && <em>{c.urgent}</em>}
          </span>
          <Status status={rowLook(row)} title={row.status_title} detail={limitOf(row) || undefined} />
        </span>
        <span class="d">
          <Facts of={[row.village_name, row.category_title, row.lead_unit, sinceOf(row.submitted_at)]} />
        </span>
      </button>
    </li>
  );
}

/** Finds and narrows reports. */
function Find() {
  const typed = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  return (
    <>
      <label class="search flat">
        <Icon name="search" size="s" />
        <span class="sr">{c.find}</span>
        <input
          type="search"
          id="find"
          placeholder={c.find}
          value={narrowed.value.q}
          onInput={({ currentTarget: { value } }) => {
            clearTimeout(typed.current);
            typed.current = setTimeout(() => {
              narrow('q', value);
            }, TYPING_MS);
          }}
        />
        {wide.value && (
          <i class="kbd" aria-hidden="true">
            /
          </i>
        )}
      </label>
      <Narrowing />
    </>
  );
}

function Head() {
  const { at, arrived } = fetched.value;
  return (
    <div class="lsh">
      <div class="row">
        <h1 class="grow">
          {queueTitle(queue.value)} <span class="mut">{counts.value[queue.value] ?? ''}</span>
        </h1>
      </div>
      {!wide.value && <QueueChips />}
      {ofReports.value && <Find />}
      {noQueue.value && <p class="note soon">{c.noQueue(noQueue.value, queueTitle(queue.value))}</p>}
      <p class="f13 mut" role="status">
        {at > 0 && (arrived ? c.updatedNew(time(at), arrived) : c.updated(time(at)))}
      </p>
    </div>
  );
}

function Body() {
  if (phase.value === 'failed') {
    return (
      <p class="note late" role="alert">
        <span>
          {trouble.value || t.failed(queueTitle(queue.value))}{' '}
          <button type="button" class="link" onClick={() => void loadRows()}>
            {t.again}
          </button>
        </span>
      </p>
    );
  }
  if (phase.value === 'loading' && !rows.value.length) return <Skeleton />;
  if (!rows.value.length) return <Empty title={isNarrowed.value ? c.noneFound : c.none[queue.value]} />;
  return (
    <>
      <ul aria-label={queueTitle(queue.value)}>
        {rows.value.map((row) => (
          <Line key={row.id} row={row} isOpen={openRow.value === row.id} />
        ))}
      </ul>
      {next.value !== null && (
        <button type="button" class="btn soft block" onClick={() => void loadMore()}>
          {c.more}
        </button>
      )}
    </>
  );
}

export function List() {
  return (
    <section class="ls" aria-label={queueTitle(queue.value)}>
      <Head />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="rows" tabIndex={0} aria-label={c.rows}>
        <Body />
      </section>
      {ticks && ofReports.value && <BulkBar />}
    </section>
  );
}
