/** The same with several: accepted, or given to one unit; each row says what became of it. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Mark } from '../../core/icons/Icon';
import { desk, orders } from './api';
import { options, refresh, role, rows, ticked } from './store';
import type { Outcome, Row } from './types';
import { c } from './words';

const busy = signal(false);
/** Number of a unit; '' for none, or whichever usually has it. */
const unit = signal('');
const USUAL = 'usual';
/** With what people call the row, for a row that others have moved on leaves the list. */
const results = signal<(Outcome & { title: string })[]>([]);

const chosen = (): Row[] => rows.value.filter(({ id }) => ticked.value.has(id));
const isNew = ({ status }: Row) => status === 'submitted';
const isMine = ({ status, order_id }: Row) => role === 'handler' && status === 'assigned' && order_id;
const isOpen = ({ status, order_id }: Row) => status === 'accepted' && order_id;

/** The same move on the orders of rows; the answers name orders, the list names reports. */
async function moveAll(found: Row[], move: string, fields: object): Promise<Outcome[]> {
  const of = new Map(found.map((row) => [row.order_id, row.id]));
  const { items } = await orders.bulk(
    move,
    [...of.keys()].flatMap((id) => id ?? []),
    fields,
  );
  return items.map((one) => ({ ...one, id: of.get(one.id) ?? one.id }));
}

async function run(act: () => Promise<Outcome[]>): Promise<void> {
  const titles = new Map(chosen().map(({ id, title, number: called }) => [id, `${title} ${called}`]));
  busy.value = true;
  results.value = [];
  try {
    const found = await act();
    results.value = found.map((one) => ({ ...one, title: titles.get(one.id) ?? '' }));
    const done = new Set(found.filter(({ ok }) => ok).map(({ id }) => id));
    ticked.value = new Set([...ticked.value].filter((id) => !done.has(id)));
    refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    results.value = [{ id: 0, ok: false, title: '', message: error.message || t.failedWhy }];
  } finally {
    busy.value = false;
  }
}

async function acceptAll(found: Row[]): Promise<Outcome[]> {
  const to = unit.value === USUAL ? { usual_unit: true } : unit.value ? { unit: Number(unit.value) } : {};
  return (
    await desk.acceptMany(
      found.map(({ id }) => id),
      to,
    )
  ).items;
}

function Results() {
  const found = results.value;
  if (!found.length) return null;
  const done = found.filter(({ ok }) => ok).length;
  return (
    <div class="bulkresult" role="status">
      <p class="row">
        <Mark name={done === found.length ? 'done' : 'late'} />
        <b class="grow">{c.bulkDone(done, found.length)}</b>
        <button
          type="button"
          class="link"
          onClick={() => {
            results.value = [];
          }}
        >
          {t.close}
        </button>
      </p>
      <ul>
        {found
          .filter(({ ok }) => !ok)
          .map(({ id, title, message }) => (
            <li key={id}>{[title, message].filter(Boolean).join(': ')}</li>
          ))}
      </ul>
    </div>
  );
}

function UnitSelect({ isNew: withUsual }: { isNew: boolean }) {
  return (
    <select
      class="inp"
      aria-label={c.f.unit}
      value={unit.value}
      onChange={(event) => {
        unit.value = event.currentTarget.value;
      }}
    >
      <option value="">{withUsual ? c.acceptOnly : c.f.unit}</option>
      {withUsual && <option value={USUAL}>{c.usualUnit}</option>}
      {options.value?.units.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Act({ word, able, act }: { word: string; able: boolean; act: () => Promise<Outcome[]> }) {
  return (
    <button type="button" class="btn sm" disabled={busy.value || !able} onClick={() => void run(act)}>
      {word}
    </button>
  );
}

export function BulkBar() {
  const all = chosen();
  const [fresh, open, mine] = [all.filter(isNew), all.filter(isOpen), all.filter(isMine)];
  const takesIn = role === 'grid_manager' || role === 'desk';
  const toUnit = Number(unit.value) || 0;
  return (
    <div class="bulk">
      <Results />
      <div class="row wrap">
        <p class="grow f13 sub">{all.length ? c.ticked(number(all.length)) : takesIn ? c.bulkHint : c.bulkHintSign}</p>
        {takesIn && fresh.length + open.length > 0 && <UnitSelect isNew={fresh.length > 0} />}
        {takesIn && open.length > 0 && (
          <Act
            word={c.bulkAssign(open.length)}
            able={toUnit > 0}
            act={() => moveAll(open, 'assign', { unit: toUnit })}
          />
        )}
        {takesIn && (fresh.length > 0 || !open.length) && (
          <Act
            word={(unit.value && fresh.length ? c.bulkAcceptAssign : c.bulkAccept)(fresh.length)}
            able={fresh.length > 0}
            act={() => acceptAll(fresh)}
          />
        )}
        {role === 'handler' && (
          <Act word={c.bulkSign(mine.length)} able={mine.length > 0} act={() => moveAll(mine, 'sign', {})} />
        )}
      </div>
    </div>
  );
}
