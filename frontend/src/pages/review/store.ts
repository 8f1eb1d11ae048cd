/** What the workbench shows: the queue and its filters, the point in hand, and what comes after it. */

import { computed, effect, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { loader } from '../../core/load';
import { say } from '../../core/ui/toast';
import { isTravelling, listed, openView, select, selection, setListed } from '../../core/url';
import { chipsOf, review, type Said } from './api';
import { filtered, POINTS, saidText, strange } from './filters';
import { type Chosen, chosenNow, takeUp, toldWith } from './hand';
import { here, locate } from './here';
import { loadOptions, options } from './options';
import { type Card, type Counts, type Detail, type Next, type Page, QUEUE, type Verdict } from './types';
import { view } from './views';
import { isReviewer } from './who';
import { w } from './words';

/** Signs of life, well within the ten minutes of a lease. */
const ALIVE_MS = 60_000;

export const open = signal<Card | null>(null);
/** Points that come next; their pictures are here already. */
export const ahead = signal<Card[]>([]);
export const isBusy = signal(false);
/** Nobody has anything to look at with these filters. */
export const isDone = signal(false);
/** Until when the open point is held. */
export const until = signal('');
export const overlays = signal(new Set(['outline']));

/** How many of the queue are shown, and how many may be decided in one go. */
export const AT_ONCE = 100;
export const SHOWN = 50;
/** Whether a list of cases is of one number: 12, YG-0012. */
export const isNumber = (of: string): boolean => /^(yg-)?\d{1,9}$/i.test(of);
/** What a list of cases is of, as the API takes it: the number of one, or their states; nothing is all. */
export const casesOf = (of: string): Record<string, string> => (of ? { [isNumber(of) ? 'number' : 'state']: of } : {});

/** How many cases are listed: so many at first, as many more each time. */
export const casesShown = signal(SHOWN);
/** Several are chosen, instead of one looked at. */
export const isChoosing = signal(false);
export const chosen = signal<ReadonlySet<number>>(new Set());

/** What comes first: the highest priority, the nearest of the open point (`by=near`) or of the reader (`by=me`). */
export const ORDERS = ['', 'near', 'me'] as const;
export const order = computed(() => ORDERS.find((one) => one === listed.by.value) ?? '');
const near = () => ({ '': undefined, near: open.peek()?.lonlat, me: here.peek() })[order.peek()];

export const queue = loader<Page>((_key, stop) =>
  filtered((by) => review.queue(by, isChoosing.peek() ? AT_ONCE : SHOWN, near(), stop)),
);
export const counts = loader<Counts>((_key, stop) => filtered((by) => review.counts(by, stop)));
/** Points of the states, by commas, or of the number that is asked for; all without. */
export const cases = loader<Page>((of, stop) => review.points(casesOf(of), casesShown.peek(), stop));
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

/** What is before the reader: the point in hand, what comes after it, and what has been chosen for it. */
interface Hand extends Chosen {
  point: Card | null;
  later: Card[];
  held: string;
}

/**
 * Puts a point before the reader; what has been chosen for it stays when it is the one already there. Who has gone to
 * another view meanwhile goes on there.
 */
function put({ point, later, held, ...chosen }: Hand): void {
  if (view.peek()) return;
  const isThere = point !== null && point.id === open.peek()?.id;
  open.value = point;
  ahead.value = later;
  until.value = held;
  isDone.value = !point;
  if (isThere) return;
  takeUp(chosen, point?.kind);
  shownAt = performance.now();
  // Back leaves the workbench; it does not walk through points that were judged.
  select(point ? { kind: POINTS, id: String(point.id) } : null, 'replaceState');
}

const inHand = (): Hand => ({ point: open.peek(), later: ahead.peek(), held: until.peek(), ...chosenNow() });

/** What was pressed and is still to be told to the server, in that order; a verdict does not wait for its answer. */
const pressed: { doing: () => Promise<void>; isVerdict: boolean }[] = [];
/** Whether the reader has given another verdict while the server was told of this one. */
const hasGoneOn = () => pressed.slice(1).some(({ isVerdict }) => isVerdict);
/** What had been chosen and written for points when they were judged. */
const hands = new Map<number, Hand>();
/** Points whose verdicts are among it. */
const told = new Set<number>();
/** Of the verdicts that go on, those that came too late: said with what comes after them, which else would hide it. */
let late = '';
/** The point that the server keeps for this page; what was foreseen is nobody's yet. */
let holds = 0;

/** What most likely comes next, while the server is told: its pictures are here already. */
function foresee(): void {
  const [point, ...later] = ahead.peek();
  if (point) put({ point, later, held: '' });
}

/** Until when the point is the reader's. */
async function hold(id: number): Promise<string> {
  const { until: held } = await review.claim(id);
  holds = id;
  return held ?? '';
}

/** Takes what the server gives; where the reader has gone on meanwhile, only what comes after that. */
function show({ point, until: held, ahead: later }: Next, chosen?: Hand): void {
  holds = point?.id ?? 0;
  const all = point ? [point, ...later] : [];
  const at = hasGoneOn() ? all.findIndex(({ id }) => id === open.peek()?.id) : 0;
  if (at < 0) return;
  put({ ...chosen, point: all[at] ?? null, later: all.slice(at + 1), held: at ? '' : (held ?? '') });
  const now = open.peek();
  if (now) void detail.load(String(now.id));
  for (const card of later) {
    const { before, after } = chipsOf(card);
    for (const address of [before, after]) if (address) new Image().src = address;
  }
}

async function showNext(from = near()): Promise<void> {
  if (view.peek()) return; // nobody would see it, and nobody else could have it
  const give = () => filtered((by) => review.next(by, skipped, from));
  let [given] = await Promise.all([give(), loadOptions()]);
  // What was skipped comes again when there is nothing else.
  if (!given.point && skipped.splice(0).length) given = await give();
  show(given);
}

async function showOne(id: number, chosen?: Hand): Promise<void> {
  const held = await hold(id);
  const { card } = await review.detail(id);
  show({ point: card, until: held, ahead: ahead.peek().filter((other) => other.id !== id) }, chosen);
}

/** A point that cannot be had: somebody else has it, it is the reader's own, or it is gone. */
const LOST = [403, 404, 409];

/** What is called once a button has done its work: where that is gone, or could not be pressed meanwhile, who pressed
 *  it by keys goes on at the heading of the card, and not at the top of the page. */
export function keepPlace(): () => void {
  const was = document.activeElement;
  return () =>
    requestAnimationFrame(() => {
      if (was === document.body || document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>('.vd h2')?.focus({ preventScroll: true });
    });
}

/** Without network nothing pressed was told: the point of the first of it is there again. */
const unsaid = () => (pressed[0]?.isVerdict ? w.unsaid(open.peek()?.number ?? '') : '');

/** Does one thing after the other; what is refused is said, and who lost a race gets another point. */
export async function act(doing: () => Promise<void>, isVerdict = false): Promise<void> {
  pressed.push({ doing, isVerdict });
  if (isBusy.peek()) return;
  const goOn = keepPlace();
  isBusy.value = true;
  try {
    for (let now = pressed[0]; now; now = pressed[0]) {
      await now.doing();
      pressed.shift();
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? t.offline + unsaid() : error.message || t.failedWhy);
    const isLost = LOST.includes(error.status) && (pressed[0]?.isVerdict || !open.peek());
    pressed.length = 0;
    if (isLost && isReviewer && !view.peek()) await showNext().catch(() => undefined);
  } finally {
    pressed.length = 0;
    told.clear();
    late = '';
    isBusy.value = false;
    goOn();
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

/** Nobody has seen a point in less: the second press of a key or a button that was meant once. */
const LEAST_MS = 200;

/** The point that keys speak of: none while another is being opened, or while the verdict on this one is told. */
function spokenOf(): Card | null {
  const point = open.peek();
  const isChanging = !point || told.has(point.id) || pressed.some(({ isVerdict }) => !isVerdict);
  return isChanging ? null : point;
}

/** Sends a verdict; who went on faster than the server answers, or was away for long, holds the point only now. */
async function tell(id: number, said: Said): Promise<void> {
  if (holds !== id) await hold(id);
  try {
    await review.judge(id, said);
  } catch (error) {
    if ((error as ApiError).code !== 'no_lease') throw error;
    await hold(id);
    await review.judge(id, said);
  }
}

/**
 * One key: what is said of the open point, and the next one at once. The server is told in the order of the keys; what
 * it does not take is there again, as it was chosen.
 */
export async function judge(verdict: Verdict, wants_check = false): Promise<void> {
  const point = spokenOf();
  if (!point || performance.now() - shownAt < LEAST_MS) return;
  const [hand, from] = [inHand(), near()];
  const said = {
    client_id: crypto.randomUUID(),
    version: point.version,
    verdict,
    ...toldWith(verdict),
    seconds: Math.min(LONGEST_S, (performance.now() - shownAt) / 1000),
    wants_check,
  };
  told.add(point.id);
  hands.set(point.id, { ...hand, later: [] });
  foresee();
  await act(async () => {
    try {
      await tell(point.id, said);
    } catch (error) {
      const { message, status } = error as ApiError;
      if (!hasGoneOn() || !LOST.includes(status)) {
        put(hand);
        throw error;
      }
      late += w.late(point.number, message);
      say(late);
      return;
    }
    const why = options.peek()?.reasons.find(({ value }) => value === said.reason)?.title;
    say(late + w.said(point.number, wants_check ? w.field : w.acts[verdict], why));
    if (!hasGoneOn()) await showNext(from);
  }, true);
}

export async function skip(): Promise<void> {
  const point = spokenOf();
  if (!point) return;
  const from = near();
  skipped.push(point.id);
  foresee();
  await act(async () => {
    if (!hasGoneOn()) await showNext(from);
  }, true);
}

/** Takes the last verdict back and opens its point, with what had been chosen and written for it. */
export const undo = () =>
  act(async () => {
    const { id, note: why } = await review.undo();
    await showOne(id, hands.get(id));
    say(why || w.undone(open.peek()?.number ?? ''));
  });

/** What `sel` names: to be looked at, or read where that is over. */
export async function openAt(id: number): Promise<void> {
  const { card } = await review.detail(id);
  if (isReviewer && !view.peek() && QUEUE.includes(card.state)) {
    try {
      return await showOne(id);
    } catch (error) {
      const { message, status } = error as ApiError;
      if (!LOST.includes(status)) throw error;
      say(message); // whoever was sent the address of a point that somebody holds reads it
    }
  }
  if (!view.peek()) openView('cases');
  await read(id);
}

/** From a list to the pictures: the point to say something of. */
export function lookAt(id: number): void {
  openView('');
  void take(id);
}

/** Shows a point without holding it. */
export async function read(id: number): Promise<void> {
  await Promise.all([detail.load(String(id)), loadOptions()]);
  const state = detail.state.peek();
  if (state.key !== String(id) || !state.data) return;
  open.value = state.data.card;
  select({ kind: POINTS, id: String(id) });
}

/** Begins, and keeps what is held alive for as long as somebody looks. */
export function start(): void {
  loadOptions().catch(() => undefined); // whoever needs them asks again, and hears why
  const [first, [odd]] = [selection.peek(), strange.peek()];
  if (odd) say(odd.text);
  if (!isReviewer && !view.peek()) openView('cases');
  if (first?.kind === POINTS) void act(() => openAt(Number(first.id)));
  if (isReviewer) follow(first?.kind === POINTS);
  setInterval(alive, ALIVE_MS);
  document.addEventListener('visibilitychange', alive);
  effect(() => {
    const at = selection.value;
    if (isTravelling() && at?.kind === POINTS && Number(at.id) !== open.peek()?.id)
      void act(() => openAt(Number(at.id)));
  });
}

/**
 * Keeps the open point for whoever looks at it; who comes back too late is told at once, not after the next verdict.
 * Who has seen all looks whether something has come.
 */
function alive(): void {
  const point = open.peek();
  if (!isReviewer || document.hidden || view.peek() || isChoosing.peek() || isBusy.peek()) return;
  if (!point) return void (isDone.peek() && next());
  const isStill = () => open.peek()?.id === point.id && !isBusy.peek();
  void hold(point.id).then(
    (held) => {
      if (!isStill()) return;
      until.value = held;
      refresh(); // others work on the same queue
    },
    ({ message, status }: ApiError) => {
      if (!isStill()) return;
      until.value = '';
      if (LOST.includes(status)) {
        say(message);
        void next();
      }
    },
  );
}

/** The queue follows its filters and its order; `isOpening`: a point is being opened already. */
function follow(isOpening: boolean): void {
  let before = '';
  let skips = isOpening;
  effect(() => {
    const now = `${saidText.value} ${order.value}`;
    if (view.value) before = '';
    if (view.value || now === before) return;
    before = now;
    const opens = !skips && !(isTravelling() && selection.peek());
    skips = false;
    void begin(now, opens);
  });
  effect(() => {
    const key = `${before} ${isChoosing.value}`;
    if (before && ![key, ''].includes(queue.state.peek().key)) void queue.load(key);
  });
}

async function begin(key: string, opens: boolean): Promise<void> {
  if (order.peek() === 'me' && !here.peek() && !(await locate())) {
    say(w.noPosition);
    return setListed('by', ''); // which begins anew
  }
  void queue.load(`${key} ${isChoosing.peek()}`);
  void counts.load(key);
  if (opens) await next();
}
