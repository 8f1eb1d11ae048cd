/**
 * The URL is the state. This is the only module that touches `location` and `history`.
 *
 * Query = content (`?l=villages,projects&sel=village:990521003007&lang=zh`), pushed, so that Back undoes it.
 * Hash = view (`#12/30.55/120.02`), replaced, so that panning fills no history. Unknown keys are kept.
 */

import { signal } from '@preact/signals';

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

const HASH = /^#(\d{1,2})\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;
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
  return `#${zoom}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

function parseLayers(text: string | null): string[] | null {
  return text === null ? null : text.split(',').filter(Boolean);
}

/** What is selected; null when nothing is. */
export const selection = signal<Selection | null>(parseSelection(params().get('sel')));
/** Layers that are on, in the reader's words; null while the catalogue's defaults hold. */
export const chosenLayers = signal<string[] | null>(parseLayers(params().get('l')));
/** The view the address asks for, read by the map at start and on Back. */
export const askedView = signal<View | null>(parseView(location.hash));

/** Where a page of several screens is ("projects/12/photos"); empty for its first screen. */
export const screen = signal(params().get('p') ?? '');

/** Opens another screen of the page; Back returns. */
export function openScreen(next: string): void {
  if (next === screen.value) return;
  push((query) => (next ? query.set('p', next) : query.delete('p')));
  screen.value = next;
}

let mayLeave = (): boolean => true;

/** `ask` is asked before Back or Forward leaves a screen; it answers whether that may happen. */
export function askBeforeBack(ask: () => boolean): void {
  mayLeave = ask;
}

/** Commas and colons stay readable: they are allowed in a query. */
function written(query: URLSearchParams): string {
  const text = query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
  return location.pathname + (text ? `?${text}` : '');
}

function push(change: (query: URLSearchParams) => void, hash = location.hash): void {
  flushView();
  const query = params();
  change(query);
  const next = written(query) + hash;
  if (next !== location.pathname + location.search + location.hash) history.pushState(null, '', next);
}

export function select(next: Selection | null): void {
  const now = selection.value;
  if (now?.kind === next?.kind && now?.id === next?.id) return;
  push((query) => (next ? query.set('sel', `${next.kind}:${next.id}`) : query.delete('sel')));
  selection.value = next;
}

export function setLayers(keys: string[]): void {
  push((query) => query.set('l', keys.join(',')));
  chosenLayers.value = keys;
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

/** Address of this page in another language. */
export function inLanguage(lang: string): string {
  const query = params();
  query.set('lang', lang);
  return written(query) + location.hash;
}

/** Where the county's own pages hang: `/` or `/c/330521/`. */
export function base(): string {
  return /^\/c\/\d{6}\//.exec(location.pathname)?.[0] ?? '/';
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
    push((now) => (screen.value ? now.set('p', screen.value) : now.delete('p')));
    return;
  }
  travelling = true;
  selection.value = parseSelection(query.get('sel'));
  chosenLayers.value = parseLayers(query.get('l'));
  screen.value = query.get('p') ?? '';
  askedView.value = parseView(location.hash);
  travelling = false;
});
addEventListener('pagehide', flushView);
