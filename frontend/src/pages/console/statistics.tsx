/** How units and places do: a table in which every figure opens the orders that it counts; the same as a file. */

import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, address, getJson } from '../../core/api';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { loader } from '../../core/load';
import { LoadNote } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { listed, setListed } from '../../core/url';
import { lookOf } from '../../layers/report-status';
import { openDialog } from '../../panel/dialog';
import { openCase } from './store';
import { momentOf } from './times';
import type { Figure, Figures, OrderRow, Statistics as Told } from './types';
import { c } from './words';

const GROUPINGS = ['unit', 'township', 'village', 'category', 'month'] as const;
/** Columns of the table; the file has all figures. */
const COLUMNS = [
  ...['total', 'on_time', 'late', 'pending', 'on_time_percent', 'first_reply_days', 'first_reply_percent'],
  ...['reopened', 'reopened_percent', 'returned', 'satisfied_percent'],
];
const MONTHS_BACK = 5;

/** First day of the month, some months ago, ISO. */
function monthsAgo(months: number): string {
  const day = new Date();
  day.setDate(1);
  day.setMonth(day.getMonth() - months);
  return new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const period = signal({ from: monthsAgo(MONTHS_BACK), to: '' });
const figures = loader((key, stop) => getJson<Told>('/api/orders/statistics', query(key), stop));

function query(by: string) {
  const { from, to } = period.peek();
  return { by, from, ...(to && { to }) };
}

interface RowsPage {
  items: OrderRow[];
  matched: number;
  next: string | null;
}

/** The orders behind a figure, page by page. */
function Rows({ figure, title, close }: { figure: Figure; title: string; close: () => void }) {
  const found = useSignal<RowsPage | null>(null);
  const trouble = useSignal('');
  const load = async (cursor = '') => {
    const [path = '', asked = ''] = figure.rows.split('?');
    try {
      const page = await getJson<RowsPage>(path, { ...Object.fromEntries(new URLSearchParams(asked)), cursor });
      found.value = { ...page, items: [...(cursor ? (found.peek()?.items ?? []) : []), ...page.items] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error.message || t.failed(title);
    }
  };
  useEffect(() => void load(), []);
  const open = ({ source, source_id, id }: OrderRow) => {
    close();
    if (source === 'incidents') openCase(Number(source_id));
    else openCase(id, 'order');
  };
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
            <button type="button" class="row" onClick={() => open(row)}>
              <span class="grow">
                <b>{row.title}</b>
                <span class="d">
                  <Facts of={[row.village?.name, row.unit?.name, momentOf(row.due_at)]} />
                </span>
              </span>
              <Status status={lookOf(row.state === 'done' ? 'answered' : row.state)} title={row.state_title} />
            </button>
          </li>
        ))}
      </ul>
      {found.value?.next && (
        <button type="button" class="btn soft block" onClick={() => void load(found.value?.next ?? '')}>
          {c.more}
        </button>
      )}
    </div>
  );
}

/** Shares and days with one decimal throughout, so that a column is read at a glance. */
const amount = ({ key, value }: Figure) =>
  /_(percent|days)$/.test(key) ? (value ?? 0).toLocaleString('en', { minimumFractionDigits: 1 }) : number(value ?? 0);

function Cell({ figure, of }: { figure: Figure | undefined; of: string }) {
  if (!figure) return <td class="num" />;
  const title = `${of} ${figure.title}`;
  const open = (opener: HTMLElement) =>
    openDialog('figure', title, opener, (close) => <Rows figure={figure} title={title} close={close} />);
  return (
    <td class="num" data-name={figure.title}>
      {figure.value ? (
        <button
          type="button"
          class="link"
          aria-label={`${title} ${amount(figure)}`}
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

function Line({ of, total }: { of: Figures; total?: boolean }) {
  const found = new Map(of.figures.map((figure) => [figure.key, figure]));
  return (
    <tr class={total ? 'sum' : undefined}>
      <th scope="row">{of.title}</th>
      {COLUMNS.map((key) => (
        <Cell key={key} figure={found.get(key)} of={of.title} />
      ))}
    </tr>
  );
}

function Table({ told, by }: { told: Told; by: string }) {
  const titles = new Map(told.total.figures.map(({ key, title }) => [key, title]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scrolly" tabIndex={0} aria-label={c.figures}>
      <table>
        <caption class="sr">{c.figuresBy[by]}</caption>
        <thead>
          <tr>
            <th scope="col">{c.figuresBy[by]}</th>
            {COLUMNS.map((key) => (
              <th key={key} scope="col" class="num">
                {titles.get(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Line of={told.total} total />
          {told.groups.map((one) => (
            <Line key={one.key} of={one} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Day({ name, label, by }: { name: 'from' | 'to'; label: string; by: string }) {
  return (
    <label>
      <span class="f13 sub">{label}</span>
      <input
        type="date"
        class="inp"
        value={period.value[name]}
        onChange={({ currentTarget: { value } }) => {
          period.value = { ...period.value, [name]: value };
          void figures.load(by);
        }}
      />
    </label>
  );
}

export function Statistics() {
  const by = GROUPINGS.find((one) => one === listed.by.value) ?? 'unit';
  const state = figures.state.value;
  useEffect(() => void figures.load(by), [by]);
  const told = state.key === by ? state.data : undefined;
  return (
    <div class="figures">
      <h1>{c.figures}</h1>
      <div class="row wrap">
        <div class="wrapped">
          {GROUPINGS.map((one) => (
            <button
              key={one}
              type="button"
              class="chip line"
              aria-pressed={one === by}
              onClick={() => setListed('by', one)}
            >
              {c.figuresBy[one]}
            </button>
          ))}
        </div>
        <span class="grow" />
        <Day name="from" label={c.from} by={by} />
        <Day name="to" label={c.to} by={by} />
        <a class="btn sm" href={address('/api/orders/statistics.csv', query(by))} download>
          <Icon name="dl" size="s" />
          CSV
        </a>
      </div>
      <LoadNote what={c.figures} load={state} again={figures.again} />
      {told && <p class="f13 sub">{told.note}</p>}
      {told && <Table told={told} by={by} />}
    </div>
  );
}
