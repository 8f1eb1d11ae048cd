/** The page about one report, and the page that asks which. */

import { useEffect } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Brand, Icon } from '../../core/icons/Icon';
import { roomy, wide } from '../../core/media';
import { LoadNote } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { Toast } from '../../core/ui/toast';
import { Case } from './case';
import { code, report } from './data';
import { Enter } from './enter';
import { k } from './words';

const query = `county=${boot.county}&lang=${boot.lang}`;

/** The same places as on the map's page, which is another page. */
const PLACES = () => [
  { title: t.map, icon: 'map', href: `/?${query}` },
  { title: t.list, icon: 'list', href: `/?${query}&v=list` },
  { title: t.report, icon: 'plus', href: `/report?${query}` },
  { title: t.board, icon: 'board', href: `/?${query}&v=board` },
  { title: k.title, icon: 'track', href: `/track?${query}` },
];

function Nav({ icons }: { icons?: boolean }) {
  return (
    <nav class={icons ? 'tabbar' : ''} aria-label={t.nav}>
      {PLACES().map(
        ({ title, icon, href }) =>
          (icons || icon !== 'plus') && (
            <a
              key={icon}
              class={icon === 'plus' ? 'plus' : ''}
              href={href}
              aria-current={icon === 'track' ? 'page' : undefined}
            >
              {icons && <Icon name={icon} />}
              {title}
            </a>
          ),
      )}
    </nav>
  );
}

function Top() {
  return (
    <header class="top">
      <a class="brand" href={`/?${query}`}>
        <Brand size={30} />
        <span class={wide.value ? '' : 'sr'}>{boot.facts?.name}</span>
        {!wide.value && k.title}
      </a>
      {boot.facts?.is_demo && <span class="demo">{t.demo}</span>}
      {wide.value && <Nav />}
      <Tools compact={!roomy.value} />
      {wide.value && (
        <a class="btn pri sm" href={`/report?${query}`}>
          <Icon name="plus" size="s" />
          {t.reportLong}
        </a>
      )}
    </header>
  );
}

function Body() {
  const load = report.state.value;
  if (!code) return <Enter unknown="" />;
  if (load.phase === 'error' && (load.error.status === 404 || load.error.status === 400)) {
    return <Enter unknown={code} />;
  }
  return (
    <>
      <LoadNote what={k.title} load={load} again={() => void report.again()} />
      {load.data && <Case of={load.data} />}
    </>
  );
}

export function App() {
  useEffect(() => {
    if (code) void report.load(code);
  }, []);
  return (
    <>
      <Top />
      <main class="tw" tabIndex={-1} aria-label={k.title}>
        <div class="tc">
          <Body />
        </div>
        <Toast />
      </main>
      {!wide.value && <Nav icons />}
    </>
  );
}
