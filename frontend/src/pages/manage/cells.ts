/** The lines of the progress grid: what is typed beside what is stored. Nothing here touches the page. */

import { number } from '../../core/format';
import type { ProgressRow, ProgressRowInput } from './types';
import { m } from './words';

export type Column = 'planned' | 'actual' | 'note' | 'note_en';

/** One line of the grid; numbers stay text while they are typed. */
export interface Cell {
  indicator: string;
  place: string;
  title: string;
  month: string;
  planned: string;
  actual: string;
  note: string;
  note_en: string;
  /** Of the stored row; null while there is none. */
  version: number | null;
  /** What somebody else stored here in the meantime, as a sentence. */
  theirs?: string;
}

export const seriesOf = ({ indicator, place }: Cell): string => `${indicator} ${place}`;
export const lineOf = (cell: Cell): string => `${seriesOf(cell)} ${cell.month}`;
/** Id of an input, by which it is found again. */
export const inputId = (cell: Cell, column: Column): string => `${lineOf(cell)} ${column}`.replaceAll(' ', '-');

const text = (value: number | null) => (value === null ? '' : String(value));
const tidy = (typed: string) => typed.normalize('NFKC').replace(/[%\s]/g, '');

/** A typed percentage ("62", "６２", "62 %"); null for nothing, NaN for what is no number from 0 to 100. */
export function amount(typed: string): number | null {
  const plain = tidy(typed);
  if (!plain) return null;
  const value = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  return value <= 100 ? value : Number.NaN;
}

export function cellsOf(rows: ProgressRow[]): Cell[] {
  return rows.map((row) => ({
    indicator: row.indicator.key,
    place: row.place.code,
    title: `${row.indicator.title} ${row.place.name}`,
    month: row.month.slice(0, 7),
    planned: text(row.planned),
    actual: text(row.actual),
    note: row.note,
    note_en: row.note_en,
    version: row.version,
  }));
}

export function rowOf({ indicator, place, month, note, note_en, version, ...cell }: Cell): ProgressRowInput {
  return {
    indicator,
    place,
    month,
    planned: amount(cell.planned) ?? 0,
    actual: amount(cell.actual),
    note: note.trim(),
    note_en: note.trim() && note_en.trim(),
    version,
  };
}

const figures = (cell: Cell | undefined) =>
  cell && [tidy(cell.planned), tidy(cell.actual), cell.note.trim(), cell.note_en.trim()].join('\n');

function byLine(rows: ProgressRow[]): Map<string, Cell> {
  return new Map(cellsOf(rows).map((cell) => [lineOf(cell), cell]));
}

/** Lines that hold something and differ from what is stored. */
export function changedCells(cells: Cell[], rows: ProgressRow[]): Cell[] {
  const stored = byLine(rows);
  return cells.filter((cell) => {
    const before = stored.get(lineOf(cell));
    return before ? figures(before) !== figures(cell) : figures(cell)?.trim();
  });
}

/** What is wrong with lines before they are sent, by id of the input. */
export function faultsOf(cells: Cell[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const cell of cells) {
    if (amount(cell.planned) === null) faults[inputId(cell, 'planned')] = m.plannedMissing;
    for (const column of ['planned', 'actual'] as const)
      if (Number.isNaN(amount(cell[column]))) faults[inputId(cell, column)] = m.notPercent;
  }
  return faults;
}

const told = (cell: Cell) => {
  const [planned, actual] = [amount(cell.planned), amount(cell.actual)];
  return m.theirFigures(number(planned ?? 0), actual === null ? '—' : number(actual), cell.note);
};

/** After somebody else saved: their lines, and over them what was typed here, each with what it stands against. */
export function merged(cells: Cell[], before: ProgressRow[], now: ProgressRow[]): Cell[] {
  const mine = new Map(changedCells(cells, before).map((cell) => [lineOf(cell), cell]));
  const read = byLine(before);
  const lines = cellsOf(now).map((theirs) => {
    const own = mine.get(lineOf(theirs));
    mine.delete(lineOf(theirs));
    const moved = figures(read.get(lineOf(theirs))) !== figures(theirs);
    if (!own) return theirs;
    return { ...own, version: theirs.version, ...(moved && { theirs: told(theirs) }) };
  });
  return [...lines, ...mine.values()];
}

/** The county's month, "2026-06". */
export const thisMonth = () => new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 7);

/** Stored months that are still to come: a plan and nothing to report yet. */
export function laterCells(cells: Cell[]): Cell[] {
  const reported = cells.flatMap(({ actual, month }) => (actual ? [month] : []));
  const due = [...reported, thisMonth()].sort().at(-1) ?? '';
  return cells.filter(({ month, version }) => month > due && version !== null);
}

export function nextMonth(month: string): string {
  const [year = 0, index = 1] = month.split('-').map(Number);
  return index === 12 ? `${year + 1}-01` : `${year}-${String(index + 1).padStart(2, '0')}`;
}
