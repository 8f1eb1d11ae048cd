/** How work is done: a table in which every figure opens the rows that it counts; the same as a file. */

import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError, address, getJson } from '../core/api';
import { number } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { type Loader, loader } from '../core/load';
import type { Schemas } from '../core/types';
import { LoadNote } from '../core/ui/Notes';
import { listed, setListed } from '../core/url';
import { openDialog } from '../panel/dialog';

type Group = Schemas['FigureGroupShape'];
type Figure = Schemas['FigureShape'];

/** What is told of a period; in the review also of people, in a table of their own. */
type Told = Pick<Schemas['OrderStatisticsShape'], 'groups' | 'total' | 'note'> &
  Partial<Pick<Schemas['ReviewStatisticsShape'], 'reviewers'>>;

export interface FiguresWords {
  figures: string;
  /** By grouping, and `people` for that of people. */
  figuresBy: Record<string, string>;
  from: string;
  to: string;
  more: string;
}

/** What a page shows figures of. */
export interface Of<Row> {
  /** Where they are read; with `.csv` behind it the file. */
  path: string;
  groupings: readonly string[];
  /** Of the table, in their order; the file has all figures. */
  columns: readonly string[];
  words: FiguresWords;
  /** A row behind a figure, in a list. */
  line(row: Row): ComponentChildren;
  open(row: Row): void;
}

const MONTHS_BACK = 5;

/** First day of the month, some months ago, ISO. */
function monthsAgo(months: number): string {
  const day = new Date();
  day.setDate(1);
  day.setMonth(day.getMonth() - months);
  return new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const period = signal({ from: monthsAgo(MONTHS_BACK), to: '' });

function query(by: string) {
  const { from, to } = period.peek();
  return { by, from, ...(to && { to }) };
}

interface RowsPage<Row> {
  items: Row[];
  matched: number | null;
  next: string | null;
}

/** The rows behind a figure, page by page. */
function Rows<Row extends { id: number }>({
  of,
  figure,
  title,
  close,
}: {
  of: Of<Row>;
  figure: Figure;
  title: string;
  close: () => void;
}) {
  const found = useSignal<RowsPage<Row> | null>(null);
  const trouble = useSignal('');
  const isAsked = useRef(false);
  const load = async (cursor = '') => {
    if (isAsked.current) return;
    isAsked.current = true;
    trouble.value = '';
    const [path = '', asked = ''] = figure.rows.split('?');
    try {
      const page = await getJson<RowsPage<Row>>(path, { ...Object.fromEntries(new URLSearchParams(asked)), cursor });
      found.value = { ...page, items: [...(cursor ? (found.peek()?.items ?? []) : []), ...page.items] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error.message || t.failed(title);
    } finally {
      isAsked.current = false;
    }
  };
  useEffect(() => void load(), []);
  return (
    <div class="figrows">
      <div class="row">
        <h1 class="grow">
          {title} <span class="mut">{found.value?.matched}</span>
        </h1>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {trouble.value && <p class="note late">{trouble.value}</p>}
      <ul class="lines">
        {found.value?.items.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              class="row"
              onClick={() => {
                close();
                of.open(row);
              }}
            >
              {of.line(row)}
            </button>
          </li>
        ))}
      </ul>
      {found.value?.next && (
        <button type="button" class="btn soft block" onClick={() => void load(found.value?.next ?? '')}>
          {of.words.more}
        </button>
      )}
    </div>
  );
}

/** Shares and days with one decimal throughout, so that a column is read at a glance. */
const amount = ({ key, value }: Figure) =>
  /_(percent|days)$/.test(key) ? (value ?? 0).toLocaleString('en', { minimumFractionDigits: 1 }) : number(value ?? 0);

function Cell<Row extends { id: number }>({
  of,
  figure,
  title,
}: {
  of: Of<Row>;
  figure?: Figure | undefined;
  title: string;
}) {
  if (!figure) return <td class="num" />;
  const said = `${title} ${figure.title}`;
  const open = (opener: HTMLElement) =>
    openDialog('figure', said, opener, (close) => <Rows of={of} figure={figure} title={said} close={close} />);
  return (
    <td class="num" data-name={figure.title}>
      {figure.value ? (
        <button
          type="button"
          class="link"
          aria-label={`${said} ${amount(figure)}`}
          onClick={(event) => open(event.currentTarget)}
        >
          {amount(figure)}
        </button>
      ) : (
        <span class="mut">{figure.value === null ? '–' : 0}</span>
      )}
    </td>
  );
}

function Table<Row extends { id: number }>({
  of,
  by,
  groups,
  total,
}: {
  of: Of<Row>;
  by: string;
  groups: Group[];
  total?: Group | undefined;
}) {
  const title = of.words.figuresBy[by];
  const first = total ?? groups[0];
  const titles = new Map(first?.figures.map((figure) => [figure.key, figure.title]));
  const columns = total ? of.columns : [...titles.keys()];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="figtable" tabIndex={0} aria-label={title}>
      <table>
        <caption class="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {columns.map((key) => (
              <th key={key} scope="col" class="num">
                {titles.get(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...(total ? [total] : []), ...groups].map((group) => (
            <tr key={group.key} class={group === total ? 'sum' : undefined}>
              <th scope="row">{group.title}</th>
              {columns.map((key) => (
                <Cell key={key} of={of} title={group.title} figure={group.figures.find((one) => one.key === key)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Day({ name, label, again }: { name: 'from' | 'to'; label: string; again: () => void }) {
  return (
    <label>
      <span class="f13 sub">{label}</span>
      <input
        type="date"
        class="inp"
        value={period.value[name]}
        onChange={({ currentTarget: { value } }) => {
          period.value = { ...period.value, [name]: value };
          again();
        }}
      />
    </label>
  );
}

/** The component of a page's figures. */
export function figuresOf<Row extends { id: number }>(of: Of<Row>) {
  const { path, groupings, words } = of;
  const figures: Loader<Told> = loader((key, stop) => getJson<Told>(path, query(key), stop));
  return function Figures() {
    const by = groupings.find((one) => one === listed.by.value) ?? groupings[0] ?? '';
    const state = figures.state.value;
    useEffect(() => void figures.load(by), [by]);
    const told = state.key === by ? state.data : undefined;
    return (
      <div class="figures">
        <h1>{words.figures}</h1>
        <div class="row wrap">
          <div class="wrapped">
            {groupings.map((one) => (
              <button
                key={one}
                type="button"
                class="chip line"
                aria-pressed={one === by}
                onClick={() => setListed('by', one)}
              >
                {words.figuresBy[one]}
              </button>
            ))}
          </div>
          <span class="grow" />
          <Day name="from" label={words.from} again={figures.again} />
          <Day name="to" label={words.to} again={figures.again} />
          <a class="btn sm" href={address(`${path}.csv`, query(by))} download>
            <Icon name="dl" size="s" />
            CSV
          </a>
        </div>
        <LoadNote what={words.figures} load={state} again={figures.again} />
        {told && (
          <>
            <p class="f13 sub">{told.note}</p>
            <Table of={of} by={by} groups={told.groups} total={told.total} />
            {told.reviewers?.length ? <Table of={of} by="people" groups={told.reviewers} /> : null}
          </>
        )}
      </div>
    );
  };
}
