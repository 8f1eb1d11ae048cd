/** Monthly progress, typed: one table per indicator and place, months downwards; arrows and Enter move. */

import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { month as monthName } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { type ProjectFeature, projects } from './api';
import { Options } from './fields';
import { createForm, track } from './form';
import { saves } from './list';
import { villageOptions } from './project-form';
import type { FormOptions, ProgressRow, ProgressRowInput } from './types';
import { m } from './words';

/** One line of the grid; numbers stay text while they are typed. */
interface Cell {
  indicator: string;
  place: string;
  title: string;
  month: string;
  planned: string;
  actual: string;
  note: string;
  version: number | null;
}

interface Grid extends Record<string, unknown> {
  cells: Cell[];
}

const text = (value: number | null) => (value === null ? '' : String(value));
const keyOf = ({ indicator, place }: Cell) => `${indicator} ${place}`;

function cellsOf(rows: ProgressRow[]): Cell[] {
  return rows.map((row) => ({
    indicator: row.indicator.key,
    place: row.place.code,
    title: `${row.indicator.title} ${row.place.name}`,
    month: row.month.slice(0, 7),
    planned: text(row.planned),
    actual: text(row.actual),
    note: row.note,
    version: row.version,
  }));
}

function rowOf(cell: Cell): ProgressRowInput {
  const { indicator, place, month, note, version } = cell;
  const actual = cell.actual.trim() ? Number(cell.actual) : null;
  return { indicator, place, month, planned: Number(cell.planned), actual, note, version };
}

/** Lines that hold a plan and differ from what is stored. */
function changedCells(cells: Cell[], rows: ProgressRow[]): Cell[] {
  const stored = cellsOf(rows).map((cell) => JSON.stringify(cell));
  return cells.filter((cell) => cell.planned.trim() && !stored.includes(JSON.stringify(cell)));
}

function nextMonth(month: string): string {
  const [year = 0, index = 1] = month.split('-').map(Number);
  return index === 12 ? `${year + 1}-01` : `${year}-${String(index + 1).padStart(2, '0')}`;
}

/** Arrows and Enter go to the same column of the next line, as in a sheet. */
function walk(event: KeyboardEvent): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : 0;
  const input = event.target as HTMLInputElement;
  const column = input.dataset.column;
  if (!step || !column) return;
  event.preventDefault();
  const inputs = [...(input.closest('form')?.querySelectorAll<HTMLInputElement>(`[data-column="${column}"]`) ?? [])];
  const next = inputs[inputs.indexOf(input) + step];
  next?.focus();
  next?.select();
}

function Line({ cell, change }: { cell: Cell; change: (part: Partial<Cell>) => void }) {
  const when = monthName(cell.month, true);
  const input = (column: 'planned' | 'actual' | 'note', label: string) => (
    <input
      class="inp"
      data-column={column}
      inputMode={column === 'note' ? 'text' : 'decimal'}
      aria-label={`${cell.title} ${when} ${label}`}
      maxLength={column === 'note' ? 300 : 5}
      value={cell[column]}
      onInput={(event) => change({ [column]: event.currentTarget.value })}
    />
  );
  return (
    <tr>
      <th scope="row">{when}</th>
      <td class="num">{input('planned', m.planned)}</td>
      <td class="num">{input('actual', m.actual)}</td>
      <td>{input('note', m.note)}</td>
    </tr>
  );
}

function Table({
  cells,
  change,
  add,
}: {
  cells: Cell[];
  change: (cell: Cell, part: Partial<Cell>) => void;
  add: () => void;
}) {
  return (
    <div class="series">
      <h3>{cells[0]?.title}</h3>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{m.month}</th>
            <th scope="col">{m.planned}</th>
            <th scope="col">{m.actual}</th>
            <th scope="col">{m.note}</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <Line key={cell.month} cell={cell} change={(part) => change(cell, part)} />
          ))}
        </tbody>
      </table>
      <button type="button" class="btn sm" onClick={add}>
        {m.addMonth}
      </button>
    </div>
  );
}

function AddSeries({ options, add }: { options: FormOptions; add: (cell: Cell) => void }) {
  const picked = { indicator: useSignal(''), place: useSignal(''), month: useSignal('') };
  const bind = (value: Signal<string>) => ({
    value: value.value,
    onChange: (event: { currentTarget: { value: string } }) => {
      value.value = event.currentTarget.value;
    },
  });
  const ready = picked.indicator.value && picked.place.value && /^\d{4}-\d{2}$/.test(picked.month.value);
  const put = () => {
    const indicator = options.indicators.find(({ key }) => key === picked.indicator.value);
    const village = options.villages.find(({ code }) => code === picked.place.value);
    const title = `${indicator?.title ?? ''} ${village?.name ?? ''}`;
    const [of, place, month] = [picked.indicator.value, picked.place.value, picked.month.value];
    add({ indicator: of, place, title, month, planned: '', actual: '', note: '', version: null });
  };
  return (
    <div class="addseries">
      <select class="inp" aria-label={m.indicator} {...bind(picked.indicator)}>
        <Options of={options.indicators} empty={m.indicator} />
      </select>
      <select class="inp" aria-label={m.place} {...bind(picked.place)}>
        <Options of={villageOptions(options.villages)} empty={m.place} />
      </select>
      <input class="inp" type="month" aria-label={m.month} placeholder="2026-06" {...bind(picked.month)} />
      <button type="button" class="btn sm" disabled={!ready} onClick={put}>
        {m.addRow}
      </button>
    </div>
  );
}

export function ProgressGrid({
  loaded,
  options,
  reload,
}: {
  loaded: ProjectFeature;
  options: FormOptions;
  reload: () => Promise<void>;
}) {
  const rows = loaded.properties.progress as ProgressRow[];
  const form = useMemo(() => createForm<Grid>({ cells: cellsOf(rows) }), [loaded]);
  useEffect(() => track(form as never), [form]);
  const series = useComputed(() => {
    const found = new Map<string, Cell[]>();
    for (const cell of form.values.value.cells) found.set(keyOf(cell), [...(found.get(keyOf(cell)) ?? []), cell]);
    return [...found.values()];
  });
  const change = (cell: Cell, part: Partial<Cell>) =>
    form.set(
      'cells',
      form.values.value.cells.map((other) => (other === cell ? { ...cell, ...part } : other)),
    );
  const add = (cell: Cell) => form.set('cells', [...form.values.value.cells, cell]);
  const save = async () => {
    const changed = changedCells(form.values.value.cells, rows);
    if (!changed.length) return;
    const done = await form.run(async () => {
      const { warnings } = await projects.putProgress(String(loaded.id), changed.map(rowOf));
      say([m.progressSaved(changed.length), ...warnings.map((said) => said.text)].join(' '));
      form.reset(form.values.value);
      saves.value++;
    });
    if (done) await reload();
  };
  return (
    <form
      class="editor"
      noValidate
      onKeyDown={walk}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="hint">{m.progressHelp}</p>
      {form.trouble.value && (
        <p class="note late trouble" role="alert">
          <Mark name="late" />
          <span>{form.trouble.value}</span>
        </p>
      )}
      {series.value.length === 0 && <p class="mut">{m.noProgress}</p>}
      {series.value.map((cells) => (
        <Table
          key={keyOf(cells[0] as Cell)}
          cells={cells}
          change={change}
          add={() => {
            const last = cells[cells.length - 1] as Cell;
            add({ ...last, month: nextMonth(last.month), planned: '', actual: '', note: '', version: null });
          }}
        />
      ))}
      <AddSeries options={options} add={add} />
      <div class="actbar">
        <button type="submit" class="btn pri grow" disabled={form.busy.value || !form.dirty.value}>
          {form.busy.value ? m.saving : m.save}
        </button>
        <span class="mut f13" role="status">
          {form.dirty.value ? m.unsaved : ''}
        </span>
      </div>
    </form>
  );
}
