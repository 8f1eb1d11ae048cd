/** What the workbench shows: the queue and its filters, the point in hand, and what comes after it. */

import { computed, effect, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { loader } from '../../core/load';
import { say } from '../../core/ui/toast';
import { filters, isSecure, listed, openView, select, selection, setFilter, view } from '../../core/url';
import { chipsOf, review } from './api';
import type { Card, Counts, Detail, Next, Options, Page, Verdict } from './types';
import { w } from './words';

/** Key of the filters in the address, and of what is selected: `?f=points.kind:!building&sel=points:417`. */
export const POINTS = 'points';
/** Signs of life, well within the ten minutes of a lease. */
const ALIVE_MS = 180_000;

export const open = signal<Card | null>(null);
/** Points that come next; their pictures are here already. */
export const ahead = signal<Card[]>([]);
export const isBusy = signal(false);
/** Nobody has anything to look at with these filters. */
export const isDone = signal(false);
/** What the open point is, in the reader's words; the detection's until somebody presses 1–7. */
export const kind = signal('');
export const reason = signal('');
export const options = signal<Options | null>(null);
/** Until when the open point is held. */
export const until = signal('');
export const overlays = signal(new Set(['outline']));
/** Who looks at scenes; all others of this page decide and read. */
export const isReviewer = boot.me?.role === 'official';

/** Filters as the API takes them. */
export const asked = computed(() =>
  Object.fromEntries(Object.entries(filters.value[POINTS] ?? {}).map(([name, values]) => [name, values.join(',')])),
);

/** How many of the queue are shown, and how many may be decided in one go. */
export const AT_ONCE = 100;
const SHOWN = 50;
/** Several are chosen, instead of one looked at. */
export const isChoosing = signal(false);
export const chosen = signal<ReadonlySet<number>>(new Set());

/** What comes first: the highest priority, the nearest of the open point (`by=near`) or of the reader (`by=me`). */
export const ORDERS = ['', 'near', 'me'] as const;
export const order = computed(() => ORDERS.find((one) => one === listed.by.value) ?? '');
const here = signal<number[] | undefined>(undefined);
const near = () => ({ '': undefined, near: open.peek()?.lonlat, me: here.peek() })[order.peek()];

export const queue = loader<Page>((_key, stop) =>
  review.queue(asked.peek(), isChoosing.peek() ? AT_ONCE : SHOWN, near(), stop),
);
export const counts = loader<Counts>((_key, stop) => review.counts(asked.peek(), stop));
/** States whose points are listed, by commas; all without. */
export const cases = loader<Page>((states, stop) => review.points(states ? { state: states } : {}, stop));
/** Points of the list beside the pictures. */
export const shownRows = computed(() => (view.value || !isReviewer ? cases : queue).state.value.data?.items ?? []);
/** What was said and done about the open point. */
export const detail = loader<Detail>((id, stop) => review.detail(id, stop));

/** Nobody looks longer at a point; a page that was left open did not. */
const LONGEST_S = 3600;
let shownAt = 0;
/** Points that were skipped; they come again after a reload. */
const skipped: number[] = [];

export function toggleOverlay(key: string): void {
  const next = new Set(overlays.value);
  if (!next.delete(key)) next.add(key);
  overlays.value = next;
}

export function setKind(next: string): void {
  kind.value = next;
}

/** Asks for the rows whose `name` is (or is not) `values`; none takes the filter away. */
export function narrow(name: string, values: string[], isNot = false): void {
  setFilter(POINTS, name, values.length ? [(isNot ? '!' : '') + values.join(',')] : []);
}

/** The first reason is that of the key K. */
const firstReason = () => options.peek()?.reasons[0]?.value ?? '';

/** Puts a point before the reader; what has been chosen for it stays when it is the one already there. */
function put(point: Card | null, later: Card[], held = ''): void {
  const isThere = point !== null && point.id === open.peek()?.id;
  open.value = point;
  ahead.value = later;
  until.value = held;
  isDone.value = !point;
  if (isThere) return;
  kind.value = point?.kind ?? '';
  reason.value = firstReason();
  shownAt = performance.now();
  select(point ? { kind: POINTS, id: String(point.id) } : null);
}

/** What most likely comes next, while the server is told: its pictures are here already. */
function foresee(): void {
  const [point, ...later] = ahead.peek();
  if (point) put(point, later);
}

function show({ point, until: held, ahead: later }: Next): void {
  put(point, later, held ?? '');
  if (point) void detail.load(String(point.id));
  for (const card of later) {
    const { before, after } = chipsOf(card);
    for (const address of [before, after]) if (address) new Image().src = address;
  }
}

async function showNext(from = near()): Promise<void> {
  show(await review.next(asked.peek(), skipped, from));
}

async function showOne(id: number): Promise<void> {
  const { until: held } = await review.claim(id);
  const { card } = await review.detail(id);
  show({ point: card, until: held, ahead: ahead.peek().filter((other) => other.id !== id) });
}

/** What was pressed while the server was still being told of the last: it comes next. */
let waiting: (() => Promise<void>) | undefined;

/** Does one thing after the other; what is refused is said, and who lost a race gets another point. */
export async function act(doing: () => Promise<void>): Promise<void> {
  waiting = doing;
  if (isBusy.peek()) return;
  isBusy.value = true;
  try {
    while (waiting) {
      const now = waiting;
      waiting = undefined;
      await now();
    }
  } catch (error) {
    waiting = undefined;
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? t.offline : error.message || t.failedWhy);
    if (error.status === 409 && isReviewer && !view.peek()) await showNext().catch(() => undefined);
  } finally {
    isBusy.value = false;
  }
  refresh();
}

export function refresh(): void {
  if (!isReviewer) return;
  void queue.again();
  void counts.again();
}

export const next = () => act(showNext);

/** Takes one point by its key. */
export const take = (id: number) => act(() => showOne(id));

/** One key: what is said of the open point, and the next one. What was not taken is there again, as it was chosen. */
export const judge = (verdict: Verdict, wants_check = false) => {
  const seen = open.peek()?.id;
  return act(async () => {
    const point = open.peek();
    if (!point) return;
    if (point.id !== seen) return say(w.another); // somebody else had taken what was foreseen
    const said = {
      client_id: crypto.randomUUID(),
      version: point.version,
      verdict,
      kind: kind.peek(),
      reason: verdict === 'no_change' ? reason.peek() : '',
      seconds: Math.min(LONGEST_S, (performance.now() - shownAt) / 1000),
      wants_check,
    };
    const [later, held, because] = [ahead.peek(), until.peek(), reason.peek()];
    const from = near();
    foresee();
    try {
      await review.judge(point.id, said);
    } catch (error) {
      put(point, later, held);
      [kind.value, reason.value] = [said.kind, because];
      throw error;
    }
    say(w.said(point.number, wants_check ? w.field : w.acts[verdict]));
    await showNext(from);
  });
};

export const skip = () =>
  act(async () => {
    const point = open.peek();
    if (point) skipped.push(point.id);
    const from = near();
    foresee();
    await showNext(from);
  });

/** Takes the last verdict back and opens its point. */
export const undo = () =>
  act(async () => {
    const { id } = await review.undo();
    await showOne(id);
    say(w.undone(open.peek()?.number ?? ''));
  });

/** Where the reader is, asked once; without it the order stays as it is. */
function locate(): Promise<boolean> {
  return new Promise((done) => {
    if (!isSecure() || !navigator.geolocation) return done(false);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.value = [coords.longitude, coords.latitude];
        done(true);
      },
      () => done(false),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

/** What `sel` names: to be looked at, or read where that is over. */
export async function openAt(id: number): Promise<void> {
  const { card } = await review.detail(id);
  if (isReviewer && !view.peek() && QUEUE.includes(card.state)) return showOne(id);
  if (!view.peek()) openView('cases');
  await read(id);
}

/** States in which a point is to be looked at. */
export const QUEUE = ['queued', 'second_review'];

/** Shows a point without holding it. */
export async function read(id: number): Promise<void> {
  await detail.load(String(id));
  const state = detail.state.peek();
  if (state.key !== String(id) || !state.data) return;
  open.value = state.data.card;
  select({ kind: POINTS, id: String(id) });
}

/** Begins, and keeps what is held alive for as long as somebody looks. */
export function start(): void {
  void review.options().then((found) => {
    options.value = found;
    reason.value ||= firstReason();
  });
  const first = selection.peek();
  if (!isReviewer && !view.peek()) openView('cases');
  if (first?.kind === POINTS) void act(() => openAt(Number(first.id)));
  if (isReviewer) follow(first?.kind === POINTS);
  setInterval(() => {
    const point = open.peek();
    if (!point || document.hidden || view.peek()) return;
    void review.claim(point.id).then(
      ({ until: held }) => {
        until.value = held ?? '';
      },
      () => undefined, // the next verdict says what has happened
    );
  }, ALIVE_MS);
}

/** The queue follows its filters and its order; `isOpening`: a point is being opened already. */
function follow(isOpening: boolean): void {
  let before = '';
  let skips = isOpening;
  effect(() => {
    const now = JSON.stringify([asked.value, order.value]);
    if (view.value) before = '';
    if (view.value || now === before) return;
    before = now;
    const opens = !skips;
    skips = false;
    void begin(now, opens);
  });
  effect(() => {
    if (queue.state.peek().key) void queue.load(`${before} ${isChoosing.value}`);
  });
}

async function begin(key: string, opens: boolean): Promise<void> {
  if (order.peek() === 'me' && !here.peek() && !(await locate())) say(w.noPosition);
  void queue.load(key);
  void counts.load(key);
  if (opens) await next();
}
