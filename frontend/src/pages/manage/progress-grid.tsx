/** Monthly progress, typed: one table per indicator and place, months downwards; arrows and Enter move. */

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { month as monthName } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { say } from '../../core/ui/toast';
import { AddSeries } from './add-series';
import { type ProjectFeature, projects } from './api';
import {
  type Cell,
  type Column,
  cellsOf,
  changedCells,
  faultsOf,
  inputId,
  lineOf,
  merged,
  nextMonth,
  rowOf,
  seriesOf,
} from './cells';
import { attempt, createForm, focusFirstError, track } from './form';
import { saves } from './list';
import type { FormOptions, ProgressRow, ProjectDetail } from './types';
import { m } from './words';

interface Grid extends Record<string, unknown> {
  cells: Cell[];
}

type Faults = Record<string, string>;
const COLUMNS: Column[] = ['planned', 'actual', 'note'];
const LONGEST = { planned: 6, actual: 6, note: 300 };

/** Arrows and Enter go to the same column of the next line, as in a sheet. */
function walk(event: KeyboardEvent): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : 0;
  const input = event.target as HTMLInputElement;
  const column = input.dataset.column;
  if (!step || !column || event.isComposing) return;
  event.preventDefault();
  const inputs = [...(input.closest('form')?.querySelectorAll<HTMLInputElement>(`[data-column="${column}"]`) ?? [])];
  const next = inputs[inputs.indexOf(input) + step];
  next?.focus();
  next?.select();
}

function goTo(cell: Cell): void {
  requestAnimationFrame(() => document.getElementById(inputId(cell, 'planned'))?.focus());
}

interface LineProps {
  cell: Cell;
  faults: Faults;
  change: (cell: Cell, part: Partial<Cell>) => void;
}

function CellInput({ cell, column, faults, change, told }: LineProps & { column: Column; told: string | undefined }) {
  const id = inputId(cell, column);
  return (
    <input
      id={id}
      class="inp"
      data-column={column}
      inputMode={column === 'note' ? 'text' : 'decimal'}
      autocomplete="off"
      aria-label={`${cell.title} ${monthName(cell.month, true)} ${m[column]}`}
      aria-invalid={faults[id] ? true : undefined}
      aria-describedby={told}
      placeholder={column === 'note' ? m.note : undefined}
      maxLength={LONGEST[column]}
      value={cell[column]}
      onInput={(event) => change(cell, { [column]: event.currentTarget.value })}
    />
  );
}

function Line(props: LineProps) {
  const { cell, faults } = props;
  const wrong = COLUMNS.flatMap((column) => faults[inputId(cell, column)] ?? []).join(' ');
  const says = wrong || cell.theirs;
  const told = says ? `${inputId(cell, 'note')}-told` : undefined;
  return (
    <tr>
      <th scope="row">{monthName(cell.month, true)}</th>
      {COLUMNS.map((column) => (
        <td key={column} class={column === 'note' ? 'words' : 'num'} data-name={m[column]}>
          <CellInput {...props} column={column} told={told} />
          {column === 'note' && says && (
            <p id={told} class={wrong ? 'error' : 'hint'}>
              {says}
            </p>
          )}
        </td>
      ))}
    </tr>
  );
}

function Table({ cells, add, ...line }: Omit<LineProps, 'cell'> & { cells: Cell[]; add: () => void }) {
  const Title = wide.value ? 'h3' : 'h2';
  return (
    <div class="series">
      <Title>{cells[0]?.title}</Title>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{m.month}</th>
            <th scope="col" class="num">
              {m.planned}
            </th>
            <th scope="col" class="num">
              {m.actual}
            </th>
            <th scope="col" class="words">
              {m.note}
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <Line key={cell.month} cell={cell} {...line} />
          ))}
        </tbody>
      </table>
      <button type="button" class="btn sm" onClick={add}>
        {m.addMonth}
      </button>
    </div>
  );
}

/** Which input a refusal of the server is about: "rows.2.actual" speaks of the third line that was sent. */
function faultOf(error: unknown, sent: Cell[]): Faults {
  if (!(error instanceof ApiError)) return {};
  const [, index, column] = /^rows\.(\d+)\.(\w+)$/.exec(error.field) ?? [];
  const cell = sent[Number(index)];
  const known = column === 'actual' || column === 'note' ? column : 'planned';
  return cell && column !== 'version' ? { [inputId(cell, known)]: error.message } : {};
}

/** The state of the grid: typed lines over stored ones. */
function useGrid(loaded: ProjectFeature, reload: () => Promise<void>) {
  const rows = loaded.properties.progress as ProgressRow[];
  const form = useMemo(() => createForm<Grid>({ cells: cellsOf(rows) }), []);
  const stored = useRef(rows);
  const faults = useSignal<Faults>({});
  useEffect(() => track(form), []);
  /** Lines of the server come in; what was typed over them stays. */
  const bring = (now: ProgressRow[]) => {
    if (now === stored.current) return;
    const cells = merged(form.values.value.cells, stored.current, now);
    stored.current = now;
    form.reset({ cells: cellsOf(now) });
    form.set('cells', cells);
  };
  useEffect(() => bring(rows), [rows]);
  const change = (cell: Cell, part: Partial<Cell>) => {
    const cells = form.values.value.cells.map((other) => (other === cell ? { ...cell, ...part } : other));
    form.set('cells', cells);
    if (Object.keys(faults.value).length) faults.value = {};
  };
  const add = (cell: Cell) => {
    const { cells } = form.values.value;
    if (!cells.some((other) => lineOf(other) === lineOf(cell))) form.set('cells', [...cells, cell]);
    goTo(cell);
  };
  const write = async (changed: Cell[]) => {
    try {
      const { warnings } = await projects.putProgress(String(loaded.id), changed.map(rowOf));
      say([m.progressSaved(changed.length), ...warnings.map((said) => said.text)].join(' '));
    } catch (error) {
      faults.value = faultOf(error, changed);
      throw error;
    }
    form.reset({ cells: cellsOf(stored.current) });
    saves.value++;
    await reload();
  };
  /** Somebody else was faster: their lines come in, and what was typed here can be saved over them. */
  const meet = () =>
    attempt(async () => {
      const { properties } = await projects.get(String(loaded.id));
      bring((properties as ProjectDetail).progress as ProgressRow[]);
      form.trouble.value = m.progressConflict;
    });
  const save = async () => {
    const changed = changedCells(form.values.value.cells, stored.current);
    if (!changed.length) return;
    faults.value = faultsOf(changed);
    const wrong = Object.keys(faults.value).length;
    if (wrong) form.trouble.value = m.fixFirst(wrong);
    else if (await form.run(() => write(changed))) return;
    if (form.conflict.value) await meet();
    focusFirstError();
  };
  return { form, faults, change, add, save };
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
  const { form, faults, change, add, save } = useGrid(loaded, reload);
  const series = useComputed(() => {
    const found = new Map<string, Cell[]>();
    for (const cell of form.values.value.cells) found.set(seriesOf(cell), [...(found.get(seriesOf(cell)) ?? []), cell]);
    return [...found.values()];
  });
  const addMonth = (last: Cell | undefined) => {
    if (!last) return;
    const { theirs: _gone, ...line } = last;
    add({ ...line, month: nextMonth(last.month), planned: '', actual: '', note: '', version: null });
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
        <p class="note late trouble" role="alert" tabIndex={-1}>
          <Mark name="late" />
          <span>
            <b>{m.notSaved}</b> {form.trouble.value}
          </span>
        </p>
      )}
      {series.value.length === 0 && <p class="mut">{m.noProgress}</p>}
      {series.value.map((cells) => (
        <Table
          key={seriesOf(cells[0] as Cell)}
          cells={cells}
          faults={faults.value}
          change={change}
          add={() => addMonth(cells.at(-1))}
        />
      ))}
      <AddSeries project={loaded.properties} options={options} add={add} />
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
