/** The table of one series of monthly progress: what is typed, and what is wrong with it. */

import { useSignal } from '@preact/signals';
import { month as monthName } from '../../core/format';
import { wide } from '../../core/media';
import { type Cell, type Column, inputId, laterCells } from './cells';
import { m } from './words';

/** What is wrong, by id of the input. */
export type Faults = Record<string, string>;
export const COLUMNS: Column[] = ['planned', 'actual', 'note', 'note_en'];
const LONGEST = { planned: 6, actual: 6, note: 300, note_en: 600 };
const nameOf = (column: Column) => (column === 'note_en' ? m.inEnglish(m.note) : m[column]);

/** Moves the keyboard to a line, once it is on the screen. */
export function goTo(cell: Cell): void {
  requestAnimationFrame(() => document.getElementById(inputId(cell, 'planned'))?.focus());
}

interface LineProps {
  cell: Cell;
  faults: Faults;
  change: (cell: Cell, part: Partial<Cell>) => void;
}

function CellInput({ cell, column, faults, change, told }: LineProps & { column: Column; told: string | undefined }) {
  const id = inputId(cell, column);
  const isText = column === 'note' || column === 'note_en';
  return (
    <input
      id={id}
      class="inp"
      data-column={column}
      inputMode={isText ? 'text' : 'decimal'}
      autocomplete="off"
      aria-label={`${cell.title} ${monthName(cell.month, true)} ${nameOf(column)}`}
      aria-invalid={faults[id] ? true : undefined}
      aria-describedby={told}
      placeholder={isText ? nameOf(column) : undefined}
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
      {(['planned', 'actual'] as const).map((column) => (
        <td key={column} class="num" data-name={m[column]}>
          <CellInput {...props} column={column} told={told} />
        </td>
      ))}
      <td class="words">
        <CellInput {...props} column="note" told={told} />
        {cell.note && <CellInput {...props} column="note_en" told={told} />}
        {says && (
          <p id={told} class={wrong ? 'error' : 'hint'}>
            {says}
          </p>
        )}
      </td>
    </tr>
  );
}

/** One indicator at one place: newest month first, the plan of later months on demand. */
export function Table({ cells, add, ...line }: Omit<LineProps, 'cell'> & { cells: Cell[]; add: () => void }) {
  const Title = wide.value ? 'h3' : 'h2';
  const whole = useSignal(false);
  const later = whole.value ? [] : laterCells(cells);
  const showLater = () => {
    whole.value = true;
    if (later[0]) goTo(later[0]);
  };
  const addNext = () => {
    whole.value = true;
    add();
  };
  return (
    <div class="series">
      <div class="row">
        <Title class="grow">{cells[0]?.title}</Title>
        <button type="button" class="btn sm" onClick={addNext}>
          {m.addMonth}
        </button>
      </div>
      {later.length > 0 && (
        <button type="button" class="link f13" onClick={showLater}>
          {m.laterMonths(later.length)}
        </button>
      )}
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
          {cells
            .filter((cell) => !later.includes(cell))
            .map((cell) => (
              <Line key={cell.month} cell={cell} {...line} />
            ))}
        </tbody>
      </table>
    </div>
  );
}
