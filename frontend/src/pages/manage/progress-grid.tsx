/** Monthly progress, typed: one table per indicator and place, newest month first; arrows and Enter move. */

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { Mark } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { AddSeries } from './add-series';
import { type ProjectFeature, projects } from './api';
import {
  type Cell,
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
import { COLUMNS, type Faults, goTo, Table } from './progress-table';
import type { FormOptions, ProgressRow, ProjectDetail } from './types';
import { m } from './words';

interface Grid extends Record<string, unknown> {
  cells: Cell[];
}

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

/** Which input a refusal of the server is about: "rows.2.actual" speaks of the third line that was sent. */
function faultOf(error: unknown, sent: Cell[]): Faults {
  if (!(error instanceof ApiError)) return {};
  const [, index, column] = /^rows\.(\d+)\.(\w+)$/.exec(error.field) ?? [];
  const cell = sent[Number(index)];
  const known = COLUMNS.find((one) => one === column) ?? 'planned';
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
    // The newest month first: it is the one that is filled in.
    return [...found.values()].map((cells) => cells.sort((a, b) => (a.month < b.month ? 1 : -1)));
  });
  const addMonth = (newest: Cell | undefined) => {
    if (!newest) return;
    const { theirs: _gone, ...line } = newest;
    add({ ...line, month: nextMonth(newest.month), planned: '', actual: '', note: '', note_en: '', version: null });
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
          add={() => addMonth(cells[0])}
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
