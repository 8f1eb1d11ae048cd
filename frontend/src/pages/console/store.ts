/** What the page shows: a queue, its rows, the counts of all queues, and the case that is open. */

import { batch, computed, effect, signal } from '@preact/signals';
import { ApiError, isAbort, type Query } from '../../core/api';
import { boot } from '../../core/boot';
import { version } from '../../core/live';
import { loader } from '../../core/load';
import { say } from '../../core/ui/toast';
import { askedQueue, filters, openFiltered, openView, select, selection, setFilter, view } from '../../core/url';
import { desk, inbox, orders } from './api';
import type { Inbox, Options, Order, OrderRow, Report, Row } from './types';
import { c } from './words';

const QUEUES = ['new', 'mine', 'due', 'overdue', 'returned', 'review', 'callback', 'devices', 'points', 'all'] as const;
export type Queue = (typeof QUEUES)[number];
/** Orders that no report is behind stand in queues of their own, by the source that had them opened. */
const SOURCE_OF: Partial<Record<Queue, string>> = { devices: 'devices', points: 'imagery' };

/** Where each role begins its day, if not with what is new. */
const FIRST: Record<string, Queue> = { supervisor: 'review', official: 'all', village_agent: 'all' };
/** Queues of work that a role never has. */
const NOT_FOR: Record<string, Queue[]> = {
  handler: ['callback'],
  grid_manager: ['callback'],
  official: ['new', 'mine', 'callback'],
  village_agent: QUEUES.filter((one) => one !== 'all'),
};

export const role = boot.me?.role ?? '';
/** A village agent follows what was told on behalf of others, as they do; the work itself is the offices'. */
export const seesOrders = role !== 'village_agent';
export const queues: readonly Queue[] = QUEUES.filter((one) => !NOT_FOR[role]?.includes(one));
export const isOwn = (asked: string): asked is Queue => queues.includes(asked as Queue);

export const queue = computed<Queue>(() => (isOwn(askedQueue.value) ? askedQueue.value : (FIRST[role] ?? 'new')));
/** What the address asks for and the reader does not have: another queue is shown, and the page says so. */
export const noQueue = computed(() => (isOwn(askedQueue.value) ? '' : askedQueue.value));
/** What people call a queue: what is new waits for another step of each. */
export const queueTitle = (key: Queue): string => (key === 'new' && c.newOf[role]) || c.queue[key];

/** Whether the rows of the queue are reports; else they are orders. */
export const ofReports = computed(() => !SOURCE_OF[queue.value]);

export const counts = signal<Partial<Record<Queue, number>>>({});
export const rows = signal<Row[]>([]);
export const next = signal<string | number | null>(null);
export const phase = signal<'loading' | 'ready' | 'failed'>('loading');
export const trouble = signal('');
/** What the list is narrowed to; it stands in the address, so that Back undoes it and a link shows the same. */
export const narrowed = computed(() => {
  const said = (field: string) => filters.value.desk?.[field]?.[0] ?? '';
  return { q: decoded(said('q')), category: said('category'), status: said('status') };
});
export const isNarrowed = computed(() => Object.values(narrowed.value).some(Boolean));

export function narrow(field: 'q' | 'category' | 'status', value: string): void {
  setFilter('desk', field, value ? [encodeURIComponent(value)] : []);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody wrote the address by hand
  }
}
/** Rows that are ticked, by number. */
export const ticked = signal<ReadonlySet<number>>(new Set());
/** When the list was last fetched, and how many came since somebody looked. */
export const fetched = signal<{ at: number; arrived: number }>({ at: 0, arrived: 0 });
export const mail = signal<Inbox>({ unread: 0, items: [], next: null });
export const options = signal<Options | null>(null);

/** A case: the report, the work order, or both. */
export interface Case {
  report: Report | null;
  order: Order | null;
}

async function fetchCase(key: string, stop: AbortSignal): Promise<Case> {
  const [kind, id = ''] = key.split(':');
  if (kind === 'order') {
    const order = await orders.get(id, stop);
    const { source, source_id } = order.row;
    return { order, report: source === 'incidents' ? await desk.get(source_id, stop) : null };
  }
  const report = await desk.get(id, stop);
  return { report, order: report.order_id && seesOrders ? await orders.get(report.order_id, stop) : null };
}

export const opened = loader(fetchCase);
/** Key of the open case, "case:12"; '' for none. */
export const openKey = computed(() => {
  const now = selection.value;
  return now && (now.kind === 'case' || now.kind === 'order') ? `${now.kind}:${now.id}` : '';
});
/** Number of the row that is open; 0 when the open case is none of this list's kind. */
export const openRow = computed(() => {
  const [kind, id] = openKey.value.split(':');
  return kind === rowKind() ? Number(id) : 0;
});

const rowKind = () => (ofReports.value ? 'case' : 'order');

export function openCase(id: number | null, kind = 'case'): void {
  if (view.peek()) openView('');
  select(id === null ? null : { kind, id: String(id) });
}

export const openLine = (id: number): void => openCase(id, rowKind());

/** Opens a report by the number that people call it by. */
export const openNumber = (number: string): Promise<void> =>
  quietly(async () => {
    const id = await desk.find(number);
    if (id !== null) openCase(id);
  });

export function openQueue(key: string, written = ''): void {
  batch(() => {
    ticked.value = new Set();
    openFiltered(key, written);
  });
}

export function tick(id: number, on: boolean): void {
  const nextTicked = new Set(ticked.value);
  if (on) nextTicked.add(id);
  else nextTicked.delete(id);
  ticked.value = nextTicked;
}

let running: AbortController | undefined;

const openOrders = (key: Queue, query: Query, stop?: AbortSignal) =>
  orders.list({ source: SOURCE_OF[key], state: 'open', ...query }, stop);

/** An order as a line of the list. */
const lineOf = (order: OrderRow): Row => ({
  ...order,
  status: order.state === 'opened' ? 'accepted' : order.state,
  status_title: order.state_title,
  submitted_at: order.opened_at,
  village_name: order.village?.name ?? '',
  lead_unit: order.unit?.name ?? '',
});

async function list(
  cursor?: string | number,
  stop?: AbortSignal,
): Promise<{ items: Row[]; next: string | number | null }> {
  if (ofReports.peek()) return desk.list({ queue: queue.peek(), ...narrowed.peek(), cursor }, stop);
  const page = await openOrders(queue.peek(), { cursor }, stop);
  return { items: page.items.map(lineOf), next: page.next };
}

/** Loads the list anew; `isNews` when nobody asked for it: what came is counted. */
export async function loadRows(isNews = false): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const before = new Set(rows.peek().map(({ id }) => id));
  if (!isNews) phase.value = 'loading';
  try {
    const found = await list(undefined, mine.signal);
    const arrived = isNews ? found.items.filter(({ id }) => !before.has(id)).length : 0;
    batch(() => {
      rows.value = found.items;
      next.value = found.next;
      phase.value = 'ready';
      fetched.value = { at: Date.now(), arrived };
    });
  } catch (error) {
    if (isAbort(error)) return;
    if (!(error instanceof ApiError)) throw error;
    if (isNews) return; // what is shown stays; the next news tries again
    batch(() => {
      phase.value = 'failed';
      trouble.value = error.message;
    });
  }
}

export async function loadMore(): Promise<void> {
  if (next.value === null) return;
  const found = await list(next.value);
  const known = new Set(rows.value.map(({ id }) => id));
  rows.value = [...rows.value, ...found.items.filter(({ id }) => !known.has(id))];
  next.value = found.next;
}

/** A part of the page that can do without an answer for a while. */
async function quietly(load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

export const loadCounts = (): Promise<void> =>
  quietly(async () => {
    const ofOrders = queues.filter((key) => SOURCE_OF[key]);
    const found = ofOrders.map(async (key) => ({ [key]: (await openOrders(key, { limit: 1 })).matched }));
    counts.value = Object.assign({}, ...(await Promise.all([desk.counts(), ...found])));
  });

export const loadMail = (): Promise<void> =>
  quietly(async () => {
    mail.value = await inbox.list();
  });

/** Something changed, here or elsewhere: everything that is shown is asked for again, in place. */
export function refresh(): void {
  void loadRows(true);
  void loadCounts();
  if (openKey.peek()) void opened.load(openKey.peek());
}

export function start(): void {
  void quietly(async () => {
    const [ofOrders, ofReports] = await Promise.all([seesOrders ? orders.options() : ({} as Options), desk.options()]);
    options.value = { ...ofOrders, ...ofReports };
  });
  effect(() => {
    void [queue.value, narrowed.value];
    void loadRows();
  });
  effect(() => {
    if (openKey.value) void opened.load(openKey.value);
  });
  effect(() => {
    const now = opened.state.value;
    if (now.phase !== 'error' || now.error.status !== 404 || !now.data) return;
    say(c.left); // it was the reader's until now: handed back, or given to somebody else
    openCase(null);
  });
  let seen = '';
  effect(() => {
    const now = version('incidents').value;
    if (now && seen) refresh();
    else void loadCounts();
    seen = now;
  });
  effect(() => {
    void version('inbox').value;
    void loadMail();
  });
}
