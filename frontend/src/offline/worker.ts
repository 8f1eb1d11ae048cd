/**
 * The service worker: what was seen once can be seen again without network.
 *
 * Whatever public pages ask for goes to the network first; the kept copy answers when there is none, and says in a
 * header when it was kept, so that the page can say so. Only files whose name changes with their content, and photos,
 * are taken from the copy at once. Nothing of a signed-in person is kept: the server marks it private or no-store. What
 * a page keeps of them itself goes when they sign out, whichever page they do it on.
 */

/// <reference lib="webworker" />

const scope = self as unknown as ServiceWorkerGlobalScope;

const KEPT_AT = 'x-kept-at';
/** Changes when what is kept changes its form; other versions are deleted. */
const VERSION = 'v1';

/** A page of its own has no style sheet: the values are those of tokens.css. */
const LOOK = `body{font:16px/1.75 "PingFang SC","Microsoft YaHei",system-ui,sans-serif;max-width:26rem;margin:18vh auto;padding:0 24px;
background:#f3f6f4;color:#16201c}h1{font-size:22px}a{display:inline-block;padding:8px 18px;margin:8px 12px 0 0;border-radius:10px;
background:#24508f;color:#fff;text-decoration:none}a+a{background:#e7eef8;color:#24508f}
@media(prefers-color-scheme:dark){body{background:#0e1412;color:#e9efeb}a{background:#9cc1f5;color:#0b1f3f}a+a{background:#1c2c44;color:#9cc1f5}}`;

interface Kind {
  name: string;
  /** The copy answers before the network is asked. */
  first?: true;
  /** Copies that stay; the oldest go. */
  most: number;
}

const PAGES: Kind = { name: 'pages', most: 40 };
const FILES: Kind = { name: 'files', most: 120, first: true };
const PHOTOS: Kind = { name: 'photos', most: 240, first: true };
const TILES: Kind = { name: 'tiles', most: 600 };
const ANSWERS: Kind = { name: 'answers', most: 200 };
const KINDS = [PAGES, FILES, PHOTOS, TILES, ANSWERS];

/** Pages of people who work here, and what tells who somebody is or what somebody reported, are never kept. */
const NEVER =
  /^\/(admin|manage|console|review|login|logout|account|healthz|readyz|api\/(session|docs|schema|qr|incidents\/(track|similar)))\b/;
/** Pages with a tracking code in their address are not among them. */
const PAGE = /^\/(c\/\d+\/|village\/\d+|kiosk|report|field)?$/;
const SIGN_OUT = /^\/(admin\/)?logout\b/;
/** What pages/field/store.ts takes along for one person. */
const TAKEN = 'geogov-taken';
/** What it shows is all in its query. */
const WALL = '/kiosk';

function kindOf(request: Request): Kind | null {
  const { origin, pathname: path } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.origin || NEVER.test(path)) return null;
  if (request.mode === 'navigate') return PAGE.test(path) ? PAGES : null;
  if (path.startsWith('/static/')) return FILES;
  if (path.startsWith('/media/')) return PHOTOS;
  if (path.startsWith('/api/')) return path.endsWith('.mvt') ? TILES : ANSWERS;
  return null;
}

/** A page is kept once per path and language: what is selected on it comes from elsewhere. A hall's screen is its query. */
function keyOf(request: Request, kind: Kind): string {
  const url = new URL(request.url);
  if (kind !== PAGES || url.pathname === WALL) return url.href;
  const lang = url.searchParams.get('lang');
  return url.origin + url.pathname + (lang ? `?lang=${lang}` : '');
}

/** What is said in place of a page that was never opened here: it comes by itself as soon as there is a network. */
function missing(url: string): Response {
  const english = /[?&]lang=en/.test(url) || !(/[?&]lang=/.test(url) || navigator.language.startsWith('zh'));
  const [title, why, again, map] = english
    ? [
        'No network',
        'This page was not opened on this device before. It opens as soon as you are connected.',
        'Try again',
        'To the map',
      ]
    : ['没有网络', '这一页没有在这台设备上打开过，连上网络就会打开。', '再试一次', '回到地图'];
  const page = `<!doctype html><html lang="${english ? 'en' : 'zh-CN'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="30"><title>${title}</title><style>${LOOK}</style><h1>${title}</h1><p>${why}</p><p><a href="">${again}</a><a href="/${english ? '?lang=en' : ''}">${map}</a></p></html>`;
  return new Response(page, { status: 503, headers: { 'content-type': 'text/html;charset=utf-8' } });
}

const storeOf = (kind: Kind) => caches.open(`${kind.name}-${VERSION}`);

async function keep(kind: Kind, key: string, response: Response): Promise<void> {
  if (response.status !== 200 || /private|no-store/.test(response.headers.get('cache-control') ?? '')) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  // The bytes are those after decompression.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const cache = await storeOf(kind);
  await cache.put(key, new Response(await response.blob(), { status: 200, headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - kind.most)).map((old) => cache.delete(old)));
}

/** Where this very page was not kept, another of the same county is: its script finds what is selected. */
async function copyOf(kind: Kind, key: string): Promise<Response | undefined> {
  const cache = await storeOf(kind);
  const another = kind === PAGES && new URL(key).pathname !== WALL;
  return (await cache.match(key)) ?? (another ? cache.match(key, { ignoreSearch: true }) : undefined);
}

async function answer(event: FetchEvent, kind: Kind): Promise<Response> {
  const key = keyOf(event.request, kind);
  const copy = kind.first ? await copyOf(kind, key) : undefined;
  if (copy) return copy;
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(kind, key, response.clone()));
    return response;
  } catch (error) {
    const last = await copyOf(kind, key);
    if (last) return last;
    if (kind === PAGES) return missing(event.request.url);
    throw error;
  }
}

/** The page had loaded before this worker was there: it names what it has, and the browser has most of it at hand. */
async function take(addresses: string[]): Promise<void> {
  await Promise.allSettled(
    addresses.map(async (address) => {
      const plain = new Request(address, { credentials: 'same-origin' });
      const kind = address.startsWith(`${scope.origin}/static/`) ? FILES : (kindOf(plain) ?? PAGES);
      if (kind === PAGES && !PAGE.test(new URL(address).pathname)) return;
      await keep(kind, keyOf(plain, kind), await fetch(plain));
    }),
  );
}

async function dropOldVersions(): Promise<void> {
  const current = new Set(KINDS.map(({ name }) => `${name}-${VERSION}`));
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !current.has(name)).map((name) => caches.delete(name)));
}

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) => event.waitUntil(dropOldVersions().then(() => scope.clients.claim())));
scope.addEventListener('message', (event) => event.waitUntil(take(event.data as string[])));
scope.addEventListener('fetch', (event) => {
  // Pressed is enough: also without network nobody finds it here any more.
  if (event.request.method === 'POST' && SIGN_OUT.test(new URL(event.request.url).pathname))
    indexedDB.deleteDatabase(TAKEN);
  const kind = kindOf(event.request);
  if (kind) event.respondWith(answer(event, kind));
  else if (event.request.mode === 'navigate' && event.request.method === 'GET')
    event.respondWith(fetch(event.request).catch(() => missing(event.request.url)));
});
