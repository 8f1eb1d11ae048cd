/**
 * Which layers changed, told by the server: one stream of events for the page, whatever the number of layers. It says
 * that something changed, never what; whoever shows a layer fetches it anew. Of one feed it tells the values themselves,
 * inside a box. Where no stream comes through (a proxy that gathers, too many of them) the page asks from time to time
 * instead. A page that nobody sees does neither.
 *
 * Nothing happens before the first `version()`: a page that must be light at first loads this module later.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ApiError, address, getJson } from './api';
import { boot } from './boot';
import type { BBox, Changes, FeedValue, FeedValues } from './types';

/** How long the first event may take; after that somebody on the way holds the stream back. */
const PATIENCE_MS = 8000;
const ASK_EVERY_MS = 15_000;
/** How long it asks before it tries a stream again. */
const AGAIN_AFTER_MS = 300_000;
/** A tab that is left for a moment keeps its stream. */
const HIDDEN_MS = 10_000;

/** Values that are told while they change: those of a feed inside a box; `path` is where to ask instead. */
export interface Watch {
  feed: string;
  bbox: BBox;
  path: string;
  hear(values: FeedValue[]): void;
}

const versions = new Map<string, Signal<string>>();
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let isDue = false;
/** Id of the last event or answer. */
let known = '';
let watched: Watch | undefined;
/** Up to where the values that were asked for were seen. */
let seen = '';
let streamAfter = 0;

/** Up to a quarter more: many browsers do not come at the same moment. */
const spread = (ms: number) => ms * (1 + Math.random() / 4);
const layers = () => [...versions.keys()].sort().join(',');

/**
 * The version of a layer: '' until the server has told it, then another one whenever something changed. The first one
 * is news as well: something may have changed since the page fetched the layer.
 */
export function version(layer: string): ReadonlySignal<string> {
  const found = versions.get(layer);
  if (found) return found;
  const made = signal('');
  versions.set(layer, made);
  // Several parts of a page ask in one go; they share one stream.
  if (!isDue) queueMicrotask(start);
  isDue = true;
  return made;
}

/** Nobody shows the layer any more: the stream goes on without it, and ends with the last one. */
export function forget(layer: string): void {
  if (!versions.delete(layer)) return;
  if (!versions.size) halt();
  else if (!isDue) queueMicrotask(start);
  isDue = versions.size > 0;
}

/** The feed whose values are told from now on, or none; a layer must be followed beside it. All of them come first. */
export function watch(next: Watch | undefined): void {
  watched = next;
  if (!isDue) queueMicrotask(start);
  isDue = true;
}

const box = ({ bbox }: Watch) => bbox.map((edge) => edge.toFixed(5)).join(',');

function start(): void {
  isDue = false;
  seen = '';
  known = '';
  run();
}

function take(changed: Record<string, string>, id: string): void {
  known = id;
  for (const [layer, value] of Object.entries(changed)) {
    const kept = versions.get(layer);
    if (kept) kept.value = value;
  }
}

function halt(): void {
  source?.close();
  source = undefined;
  clearTimeout(timer);
}

function run(): void {
  halt();
  if (document.hidden || !versions.size) return;
  // A frame in somebody's page is nobody's session: EventSource would show who is signed in here.
  if (boot.embed || Date.now() < streamAfter) void ask();
  else open();
}

function open(): void {
  const values = watched;
  const beside = values && { feed: values.feed, bbox: box(values) };
  const stream = new EventSource(address('/live/', { layers: layers(), ...beside }, false));
  const giveUp = () => {
    streamAfter = Date.now() + spread(AGAIN_AFTER_MS);
    run();
  };
  const hear = (event: MessageEvent<string>) => {
    clearTimeout(timer);
    take(JSON.parse(event.data) as Record<string, string>, event.lastEventId);
  };
  stream.addEventListener('reset', hear);
  stream.addEventListener('change', hear);
  stream.addEventListener('values', ({ data }: MessageEvent<string>) => {
    clearTimeout(timer);
    values?.hear(JSON.parse(data) as FeedValue[]);
  });
  // The browser comes back by itself after a stream has ended; when it has closed it for good it was refused.
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED && source === stream) giveUp();
  };
  source = stream;
  timer = setTimeout(giveUp, PATIENCE_MS);
}

async function ask(): Promise<void> {
  const asked = layers();
  try {
    const { changed, id } = await getJson<Changes>('/api/layers/changes', { layers: asked, since: known });
    if (asked === layers()) take(changed, id);
    if (watched) await askValues(watched);
  } catch (error) {
    // What does not exist for this viewer will not exist the next time either: signed out, or another role.
    if (!(error instanceof ApiError) || [400, 401, 403, 404].includes(error.status)) return;
  }
  clearTimeout(timer);
  timer = setTimeout(run, spread(ASK_EVERY_MS));
}

async function askValues(values: Watch): Promise<void> {
  const answer = await getJson<FeedValues>(values.path, { bbox: box(values), since: seen });
  if (values !== watched) return;
  seen = answer.seen;
  values.hear(answer.values);
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (document.hidden) hiding = setTimeout(halt, HIDDEN_MS);
  else if (!source) run();
});
