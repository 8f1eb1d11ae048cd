// Fails one byte over budget. What counts: everything a page fetches until its first data are drawn, gzipped as
// the server sends it; and everything a page can ever load. Reads the manifest, so that nothing is forgotten.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1024;
/** Budgets of the pages in bytes; `first` until the first data are drawn, `all` for whatever may be loaded later. */
const BUDGETS = {
  public: { first: 60 * KB, all: 110 * KB, css: 12 * KB },
  report: { first: 90 * KB, all: 90 * KB, css: 14 * KB },
  track: { first: 90 * KB, all: 90 * KB, css: 14 * KB },
  village: { first: 1 * KB, all: 1 * KB, css: 5 * KB },
  kiosk: { first: 70 * KB, all: 70 * KB, css: 12 * KB },
  console: { first: 90 * KB, all: 90 * KB, css: 16 * KB },
  review: { first: 80 * KB, all: 84 * KB, css: 16 * KB },
  field: { first: 80 * KB, all: 80 * KB, css: 14 * KB },
  devices: { first: 90 * KB, all: 90 * KB, css: 16 * KB },
  manage: { first: 90 * KB, all: 180 * KB, css: 16 * KB },
};

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length;

/** Chunks reached from `key` by imports; by `import()` too when `later`. */
function reach(key, later, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  const { imports = [], dynamicImports = [] } = manifest[key];
  for (const next of later ? [...imports, ...dynamicImports] : imports) reach(next, later, found);
  return found;
}

/** `…/dict` for a dictionary: one language is loaded, so the heavier of each folder counts, and only that one. */
const folder = (key) => /^(.*\/dict)\//.exec(key)?.[1];
const weigh = (key) => size(manifest[key].file);

function sum(keys) {
  const words = {};
  let total = 0;
  for (const key of new Set(keys)) {
    const of = folder(key);
    if (of) words[of] = Math.max(words[of] ?? 0, weigh(key));
    else total += weigh(key);
  }
  return total + Object.values(words).reduce((all, bytes) => all + bytes, 0);
}

function measure(page) {
  const entry = `src/pages/${page}/main.tsx`;
  const start = [...reach(entry, false)];
  const all = [...reach(entry, true)];
  const dictionaries = start.flatMap((key) => manifest[key].dynamicImports ?? []).filter(folder);
  const workers = all.flatMap((key) => manifest[key].assets ?? []).filter((file) => file.endsWith('.js'));
  const css = new Set(all.flatMap((key) => manifest[key].css ?? []));
  return {
    first: sum([...start, ...dictionaries]),
    all:
      sum(all) +
      workers.reduce((total, file) => total + size(file), 0) +
      (page === 'public' ? weigh('src/offline/worker.ts') : 0),
    css: [...css].reduce((total, file) => total + size(file), 0),
  };
}

let over = false;
for (const [key, chunk] of Object.entries(manifest)) {
  const page = /^src\/pages\/(\w+)\/main\.tsx$/.exec(key)?.[1];
  if (!chunk.isEntry || !page) continue;
  const budget = BUDGETS[page];
  if (!budget) throw new Error(`no budget for the page ${page}: add it to scripts/size.mjs`);
  for (const [what, bytes] of Object.entries(measure(page))) {
    const bad = bytes > budget[what];
    over ||= bad;
    console.log(`${bad ? 'OVER' : 'ok  '} ${page.padEnd(7)} ${what.padEnd(6)} ${bytes} of ${budget[what]} bytes gz`);
  }
}
process.exitCode = over ? 1 : 0;
