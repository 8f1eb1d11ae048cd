/**
 * The URL is the state. This is the only module that touches `location` and `history`.
 *
 * Query = content (`?l=villages,projects&f=projects.status:late&t=2026-01..2026-06&sel=village:990521003007&v=list`),
 * pushed, so that Back undoes it. Beside `sel`, `s=phones` is a section of the panel.
 * Of the list: `of=facilities` the layer it shows, `in=county` when not what the map shows, `by=name` its order.
 * Of the board: `cmp=2026-03,2026-08` the month it is compared with and its own (both may be left out), `ind=laid` its
 * indicator, `at=990521003` whose rows are open, `in=map` when a phone shows its map instead of its table.
 * Hash = view (`#12/30.55/120.02`), replaced, so that panning fills no history. Unknown keys are kept.
 */

import { batch, type Signal, signal } from '@preact/signals';

export interface Selection {
  /** `village`, `township`, or the key of a layer (`projects`). */
  kind: string;
  id: string;
}

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

const HASH = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;
const WRITE_AFTER_MS = 250;

const params = () => new URLSearchParams(location.search);

export function parseSelection(text: string | null): Selection | null {
  const match = /^([a-z_]+):([\w.-]{1,40})$/.exec(text ?? '');
  if (!match) return null;
  const [, kind = '', id = ''] = match;
  // Places may be written by the key of their layer as well: `villages:990521003007`.
  return { kind: kind === 'villages' ? 'village' : kind === 'townships' ? 'township' : kind, id };
}

export function parseView(hash: string): View | null {
  const match = HASH.exec(hash);
  if (!match) return null;
  const [zoom, lat, lon] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

export function viewHash({ zoom, lat, lon }: View): string {
  // Five decimals are a metre: two pixels of the deepest zoom. What was fitted may lie between two zooms.
  return `#${+zoom.toFixed(2)}/${lat.toFixed(6)}/${lon.toFixed(6)}`;
}

function parseLayers(text: string | null): string[] | null {
  return text === null ? null : text.split(',').filter(Boolean);
}

/** Rows asked for, by layer and field: `projects.status:late,stopped;facilities.category:toilet`. */
export type Filters = Record<string, Record<string, string[]>>;

export function parseFilters(text: string | null): Filters {
  const found: Filters = {};
  for (const part of (text ?? '').split(';')) {
    const match = /^([a-z_]+)\.(\w+):(.+)$/.exec(part);
    if (!match) continue;
    const [, layer = '', field = '', values = ''] = match;
    found[layer] = { ...found[layer], [field]: values.split(',') };
  }
  return found;
}

export function writtenFilters(filters: Filters): string {
  const parts = Object.entries(filters).flatMap(([layer, fields]) =>
    Object.entries(fields).map(([field, values]) => (values.length ? `${layer}.${field}:${values.join(',')}` : '')),
  );
  return parts.filter(Boolean).join(';');
}

/** First and last month, both included: `2026-01..2026-06`. */
export interface Months {
  from: string;
  to: string;
}

const MONTH = '\\d{4}-(?:0[1-9]|1[0-2])';
const MONTHS = new RegExp(`^(${MONTH})\\.\\.(${MONTH})$`);

export function parseMonths(text: string | null): Months | null {
  const [, from = '', to = ''] = MONTHS.exec(text ?? '') ?? [];
  return from && from <= to ? { from, to } : null;
}

/** Reads every part of the address again that changed: on Back, and after every change of ours. */
const rereads: ((query: URLSearchParams) => void)[] = [];

function reread(query: URLSearchParams): void {
  batch(() => {
    for (const read of rereads) read(query);
  });
}

function kept<T>(key: string, read: (text: string | null) => T): Signal<T> {
  let written = params().get(key);
  const value = signal(read(written));
  rereads.push((query) => {
    const now = query.get(key);
    if (now === written) return;
    written = now;
    value.value = read(now);
  });
  return value;
}

const text = (value: string | null) => value ?? '';

/** What is selected; null when nothing is. */
export const selection = kept('sel', parseSelection);
/** Which section of its panel is asked for (`s=phones`); '' is the top. */
export const section = kept('s', text);
/** Layers that are on, in the reader's words; null while the catalogue's defaults hold. */
export const chosenLayers = kept('l', parseLayers);
export const filters = kept('f', parseFilters);
export const months = kept('t', parseMonths);
/** What stands beside the map: '' (the county, or the panel), 'list', 'board'. */
export const view = kept('v', text);
/** Which base map lies below; '' is our own. */
export const ground = kept('b', text);
/** Two things to compare, in the words of the view that compares them. */
export const compare = kept('cmp', text);
/** Where a page of several screens is ("projects/12/photos"); empty for its first screen. */
export const screen = kept('p', text);
/** Whose turn it is in a page of work (`queue=callback`); '' for where the reader's day begins. */
export const askedQueue = kept('queue', text);
/** What list and board are told; empty for what they choose themselves. */
export const listed = {
  of: kept('of', text),
  in: kept('in', text),
  by: kept('by', text),
  ind: kept('ind', text),
  at: kept('at', text),
};
/** The part of the map the address asks for, read by the map at start and on Back. */
export const askedView = signal<View | null>(parseView(location.hash));

function write(query: URLSearchParams, key: string, value: string): void {
  if (value) query.set(key, value);
  else query.delete(key);
}

/** Changes one part of the address and of the state; Back returns. */
function put(key: string, value: string, how?: 'replaceState'): void {
  push((query) => write(query, key, value), how);
}

/** Opens another screen of the page; Back returns. */
export function openScreen(next: string): void {
  if (next !== screen.value) put('p', next);
}

/** Opens a queue with its filters, as an address has them; one Back undoes both. */
export function openFiltered(next: string, written: string): void {
  push((query) => {
    write(query, 'v', '');
    write(query, 'queue', next);
    write(query, 'f', written);
  });
}

function toSelection(query: URLSearchParams, next: string): void {
  write(query, 'sel', next);
  query.delete('s');
}

function toView(query: URLSearchParams, next: string, at?: string): void {
  toSelection(query, '');
  write(query, 'v', next);
  if (at) query.set('at', at);
}

/** Opens another view beside the map, `at` a place. What was selected is let go: the view takes its place. */
export function openView(next: string, at?: string): void {
  push((query) => toView(query, next, at));
}

/** Opens a section of the panel; Back returns to the one before. */
export function openSection(key: string): void {
  put('s', key);
}

export const toggled = (values: string[], value: string): string[] =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value];

/** Asks for the rows of `layer` whose `field` is one of `values`; none takes the filter away. */
export function setFilter(layer: string, field: string, values: string[]): void {
  const next = { ...filters.value, [layer]: { ...filters.value[layer], [field]: values } };
  put('f', writtenFilters(next));
}

export function setMonths(next: Months | null): void {
  put('t', next ? `${next.from}..${next.to}` : '');
}

/** Takes all filters and the months away. */
export function clearFilters(): void {
  push((query) => {
    query.delete('f');
    query.delete('t');
  });
}

export function setListed(key: keyof typeof listed, value: string): void {
  put(key, value);
}

/** Opens the list with the rows of `layer` whose `field` is `value`; one Back undoes it all. */
export function openList(layer: string, field: string, value: string, on: string[]): void {
  const asked = { ...filters.value, [layer]: { [field]: [value] } };
  push((query) => {
    toView(query, 'list');
    query.set('of', layer);
    query.set('l', on.join(','));
    query.set('f', writtenFilters(asked));
  });
}

export function setGround(next: string): void {
  put('b', next);
}

/** `how` 'replaceState' for what slides: Back does not walk through each step of it. */
export function setCompare(next: string, how?: 'replaceState'): void {
  put('cmp', next, how);
}

let mayLeave = (): boolean => true;

/** `ask` is asked before Back or Forward leaves a screen; it answers whether that may happen. */
export function askBeforeBack(ask: () => boolean): void {
  mayLeave = ask;
}

/** Commas, colons, slashes and semicolons stay readable: they are allowed in a query. */
function written(query: URLSearchParams): string {
  const text = query.toString().replace(/%(2C|3A|2F|3B)/g, decodeURIComponent);
  return location.pathname + (text ? `?${text}` : '');
}

/** The address after a change. */
function changed(change: (query: URLSearchParams) => void): string {
  const query = params();
  change(query);
  return written(query) + location.hash;
}

function push(change: (query: URLSearchParams) => void, how: 'pushState' | 'replaceState' = 'pushState'): void {
  flushView();
  const next = changed(change);
  if (next !== location.pathname + location.search + location.hash) history[how](null, '', next);
  reread(params());
}

/** Selects; `how` 'replaceState' where Back is to pass over it. */
export function select(next: Selection | null, how?: 'replaceState'): void {
  const now = selection.value;
  if (now?.kind === next?.kind && now?.id === next?.id) return;
  push((query) => toSelection(query, next ? `${next.kind}:${next.id}` : ''), how);
}

export function setLayers(keys: string[]): void {
  push((query) => query.set('l', keys.join(',')));
}

let pending: { hash: string; timer: ReturnType<typeof setTimeout> } | undefined;

function flushView(): void {
  if (!pending) return;
  clearTimeout(pending.timer);
  history.replaceState(history.state, '', written(params()) + pending.hash);
  pending = undefined;
}

/** Called on every move; written at most four times a second (browsers refuse more). */
export function showView(view: View): void {
  const hash = viewHash(view);
  if (pending) pending.hash = hash;
  else pending = { hash, timer: setTimeout(flushView, WRITE_AFTER_MS) };
}

/** Address of this page, as it stands, for sharing. */
export function permalink(): string {
  flushView();
  return location.href;
}

/** Address of this view outside of the frame that it stands in; the county is in the query there as it is here. */
export function addressOutside(): string {
  return `/${location.search}${pending?.hash ?? location.hash}`;
}

/** Address of another view of this page, for links that work in a new tab too. */
export function addressOf(next: string, at?: string): string {
  return changed((query) => toView(query, next, at));
}

/** Address of this page with one part changed: in another `lang`, at another section. */
export function addressWith(key: 'lang' | 's', value: string): string {
  return changed((query) => query.set(key, value));
}

/** What the page was opened with; '' for nothing. */
export const param = (key: string): string => params().get(key) ?? '';

/** Where the county's own pages hang: `/` or `/c/330521/`. */
export function base(): string {
  return /^\/c\/\d{6}\//.exec(location.pathname)?.[0] ?? '/';
}

/** Leaves for another page of ours. */
export function goToPage(address: string): void {
  location.assign(address);
}

export function reload(): void {
  location.reload();
}

export function isSecure(): boolean {
  return isSecureContext;
}

let travelling = false;

/** Whether the state changes because of Back or Forward: then the map goes where that entry says, not elsewhere. */
export function isTravelling(): boolean {
  return travelling;
}

addEventListener('popstate', () => {
  const query = params();
  if ((query.get('p') ?? '') !== screen.value && !mayLeave()) {
    // The browser has gone already: the address of the screen that stays is put back on top.
    put('p', screen.value);
    return;
  }
  travelling = true;
  batch(() => {
    reread(query);
    askedView.value = parseView(location.hash);
  });
  travelling = false;
});
addEventListener('pagehide', flushView);
