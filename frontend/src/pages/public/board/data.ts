/** What the board asks for, and how a difference from the plan is told. */

import { computed, signal } from '@preact/signals';
import type { Query } from '../../../core/api';
import { EVEN_POINTS, LATE_POINTS } from '../../../core/difference';
import { endpoints } from '../../../core/endpoints';
import { month as monthName, named, number } from '../../../core/format';
import { loader } from '../../../core/load';
import type { Board, BoardPlace } from '../../../core/types';
import { compare, listed, setCompare, setListed } from '../../../core/url';
import type { Area, AreaFigure } from '../../../map/later/areas';
import { shapeOf } from '../../../map/shapes';
import { b } from './words';

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

interface Chosen {
  against: string;
  month: string;
}

/** Month compared with and month of the board, as the address says; '' where it says none. */
export const chosen = computed<Chosen>(() => {
  const [against = '', month = ''] = compare.value.split(',').map((text) => (MONTH.test(text) ? text : ''));
  return { against, month };
});

export function choose(part: 'against' | 'month', value: string): void {
  const { against, month }: Chosen = { ...chosen.value, [part]: value };
  setCompare(against || month ? `${against},${month}` : '');
}

/** What board and table are asked for. */
export const query = computed<Query>(() => ({
  month: chosen.value.month,
  indicator: listed.ind.value,
  compare: chosen.value.against,
}));

const keyed = (of: Query) => JSON.stringify(of);
export const boardKey = computed(() => keyed(query.value));
/** Rows of the place that is open; '' for none. */
export const placeKey = computed(() => {
  const { month, indicator } = query.value;
  return listed.at.value && keyed({ code: listed.at.value, month, indicator });
});

export const board = loader<Board>((key, signal) => endpoints.board(JSON.parse(key), signal));
export const place = loader<BoardPlace>((key, signal) => {
  const { code, ...rest } = JSON.parse(key);
  return endpoints.boardPlace(code, rest, signal);
});
export const areas = loader<Area[]>(async (_, signal) => {
  const { features } = await endpoints.features('townships', null, 1000, {}, signal);
  return features.flatMap((feature) => {
    const shape = shapeOf(feature);
    return shape ? [{ ...shape, name: named(feature.properties, 'name') }] : [];
  });
});

/** The board that is drawn: that of the address, and until it arrives the one before. */
export const drawn = signal<Board | null>(null);

export function openPlace(code: string): void {
  if (listed.at.peek() !== code) setListed('at', code);
}

/** The figure at which the rows of a place are opened and closed. */
export const toggle = (code: string): void => setListed('at', listed.at.peek() === code ? '' : code);

/** Figures stand below each other: always one decimal, as the server rounds them. */
export const pct = (value: number): string => `${value.toFixed(1)}%`;
export const signed = (points: number): string =>
  Math.abs(points) < 0.05 ? '±0' : `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`;

interface Told {
  mark: string;
  tone: string;
  text: string;
  token: string;
  strong: boolean;
}

/** Mark, colours and words of a difference from the plan, points. */
export function told(difference: number): Told {
  const size = number(Math.abs(difference));
  const behind = { text: b.behind(size) };
  const ahead = { mark: 'ok', tone: 'done', text: b.ahead(size) };
  if (difference < -LATE_POINTS) return { ...behind, mark: 'late', tone: 'late', token: 'd-behind-2', strong: true };
  if (difference <= -EVEN_POINTS) return { ...behind, mark: 'soon', tone: 'soon', token: 'd-behind-1', strong: false };
  if (difference < EVEN_POINTS) return { mark: 'even', tone: 'pause', text: b.even, token: 'd-even', strong: false };
  return difference > LATE_POINTS
    ? { ...ahead, token: 'd-ahead-2', strong: true }
    : { ...ahead, token: 'd-ahead-1', strong: false };
}

export const TOKENS = ['d-behind-2', 'd-behind-1', 'd-even', 'd-ahead-1', 'd-ahead-2'];
export const NO_DATA = 'surface';

export function figureOf(code: string): AreaFigure {
  const difference = drawn.value?.rows.find((row) => row.code === code)?.difference ?? null;
  if (difference === null) return { token: NO_DATA, strong: false, text: '–', empty: true };
  const { token, strong } = told(difference);
  return { token, strong, text: signed(difference) };
}

export const monthLong = (month: string): string => monthName(month, true);
