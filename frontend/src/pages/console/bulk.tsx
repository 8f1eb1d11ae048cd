/** The same with several: accepted, or given to one unit; each row says what became of it. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Mark } from '../../core/icons/Icon';
import { desk, orders } from './api';
import { options, refresh, rows, ticked } from './store';
import type { Outcome, Row } from './types';
import { c } from './words';

const busy = signal(false);
const unit = signal(0);
const results = signal<Outcome[]>([]);

const chosen = (): Row[] => rows.value.filter(({ id }) => ticked.value.has(id));
const isNew = ({ status }: Row) => status === 'submitted';
const isOpen = ({ status, order_id }: Row) => status === 'accepted' && order_id !== null;

async function acceptOne({ id, category, version }: Row): Promise<Outcome> {
  try {
    await desk.act(id, 'accept', { category, version });
    return { id, ok: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { id, ok: false, message: error.offline ? t.offline : error.message };
  }
}

async function assignAll(found: Row[]): Promise<Outcome[]> {
  const of = new Map(found.map((row) => [row.order_id, row.id]));
  const { items } = await orders.bulk(
    'assign',
    [...of.keys()].flatMap((id) => id ?? []),
    { unit: unit.value },
  );
  return items.map((one) => ({ ...one, id: of.get(one.id) ?? one.id }));
}

async function run(act: () => Promise<Outcome[]>): Promise<void> {
  busy.value = true;
  results.value = [];
  try {
    const found = await act();
    results.value = found;
    ticked.value = new Set(found.filter(({ ok }) => !ok).map(({ id }) => id));
    refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    results.value = [{ id: 0, ok: false, message: error.message || t.failedWhy }];
  } finally {
    busy.value = false;
  }
}

/** One after the other: each is a decision of its own, and a refused one stops none. */
async function acceptAll(found: Row[]): Promise<Outcome[]> {
  const done: Outcome[] = [];
  for (const row of found) done.push(await acceptOne(row));
  return done;
}

function Results() {
  const found = results.value;
  if (!found.length) return null;
  const done = found.filter(({ ok }) => ok).length;
  const title = (id: number) => rows.value.find((row) => row.id === id)?.title ?? (id ? `#${id}` : '');
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
          .map(({ id, message }) => (
            <li key={id}>
              {title(id)}: {message}
            </li>
          ))}
      </ul>
    </div>
  );
}

export function BulkBar() {
  const all = chosen();
  const [fresh, open] = [all.filter(isNew), all.filter(isOpen)];
  return (
    <div class="bulk">
      <Results />
      <div class="row wrap">
        <p class="grow f13 sub">{all.length ? c.ticked(number(all.length)) : c.bulkHint}</p>
        {open.length > 0 && (
          <select
            class="inp"
            aria-label={c.f.unit}
            value={unit.value || ''}
            onChange={(event) => {
              unit.value = Number(event.currentTarget.value);
            }}
          >
            <option value="">{c.f.unit}</option>
            {options.value?.units.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        {open.length > 0 && (
          <button
            type="button"
            class="btn sm"
            disabled={busy.value || !unit.value}
            onClick={() => void run(() => assignAll(open))}
          >
            {c.bulkAssign(open.length)}
          </button>
        )}
        {(fresh.length > 0 || !open.length) && (
          <button
            type="button"
            class="btn sm"
            disabled={busy.value || !fresh.length}
            onClick={() => void run(() => acceptAll(fresh))}
          >
            {c.bulkAccept}
          </button>
        )}
      </div>
    </div>
  );
}
