import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { diet } from './diet';
import { ICONS } from './src/core/icons/icons';
import { LOOKS, MARKS } from './src/core/icons/marks';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Every folder of `src/pages` with a `main.tsx` is a page: adding one needs no change here. */
function pages(): Record<string, string> {
  const entries = readdirSync(here('src/pages')).map((name) => [name, here(`src/pages/${name}/main.tsx`)] as const);
  return Object.fromEntries(entries.filter(([, file]) => existsSync(file)));
}

/**
 * Writes the dark tokens once more for readers whose system is dark and who have chosen nothing, so that
 * dark needs no script. Kept here and not in the file: two copies by hand would drift apart.
 */
function systemDark(): Plugin {
  return {
    name: 'system-dark',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('tokens.css')) return null;
      const block = /:root\[data-theme=dark\]\s*\{([^}]*)\}/.exec(code)?.[1];
      if (!block) throw new Error('tokens.css has no dark block');
      return {
        code: `${code}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme]){${block}}}\n`,
        map: null,
      };
    },
  };
}

/**
 * What `manage.py export_map` writes into its files: Leaflet as npm has it, icons and marks. No page loads any of
 * it. Leaflet's pictures (of controls that those maps have not) and its source map are not referred to.
 */
function briefing(): Plugin {
  const read = (path: string) => readFileSync(here(path), 'utf8');
  return {
    name: 'briefing',
    generateBundle() {
      const files = {
        'leaflet.js': read('node_modules/leaflet/dist/leaflet.js').replace(/\n?\/\/# sourceMappingURL=.*/, ''),
        'leaflet.css': read('node_modules/leaflet/dist/leaflet.css').replace(/url\([^)]*\)/g, 'none'),
        'signs.json': JSON.stringify({ icons: ICONS, marks: MARKS, looks: LOOKS }),
      };
      for (const [name, source] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName: `briefing/${name}`, source });
      }
    },
  };
}

/** Modules of every first load; dictionaries and what is loaded later or not by every page stay files of their own. */
const isShared = (id: string) =>
  /\/node_modules\/|\/src\/(core|layers|map)\/|\/panel\/Body\.|rolldown.runtime/.test(id) &&
  !/\.css$|\/dict\/|\/map\/later\/|\/TileLayer\.js|\/core\/live\.ts|\/layers\/devices\.ts/.test(id);

/** What any panel needs beyond the first load; pictures are also of other pages, and large ones come later. */
const isPanel = (id: string) =>
  /\/panel\/(sections\/)?(?!(Sheet|gestures|Body|photo|dialog|gallery|lightbox)\.)\w+\.tsx?$/.test(id);

export default defineConfig({
  base: '/static/app/',
  plugins: [diet(), systemDark(), briefing()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    manifest: true,
    // One Chrome earlier `?.` has a fault, and would have to be written out everywhere: 1.2 KB of the public page.
    target: ['es2021', 'chrome91', 'safari14.1', 'firefox90'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { ...pages(), worker: here('src/offline/worker.ts') },
      // What both pages start with is one file: six small ones compress worse and take more round trips. So are the
      // styles of what the public page opens later, what any panel needs (pages without panels need pictures only), and what
      // the pages of the staff share.
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: isShared },
            {
              name: 'staff',
              test: /\/src\/staff\/(keys|top|figures|saved)\.tsx$/,
              includeDependenciesRecursively: false,
            },
            { name: 'panel', test: isPanel, includeDependenciesRecursively: false },
            { name: 'later', test: /\/pages\/public\/\w+\/\w+\.css$/ },
          ],
        },
      },
    },
  },
});
