/** The workbench of change points: the queue, two scenes of the one in hand, and what the reader says of it. */

import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { partLoader } from '../../core/load';
import { wide } from '../../core/media';
import { Empty, LoadNote, Skeleton } from '../../core/ui/Notes';
import { Toast } from '../../core/ui/toast';
import { clearFilters } from '../../core/url';
import { Head } from '../../staff/head';
import { showKeys } from '../../staff/keys';
import { Batch, SeveralCases } from './batch';
import { Card } from './card';
import { CaseCard, CaseList, useCases } from './cases';
import { asked } from './filters';
import { GroupCard } from './group';
import { followGroup, groupOf, isGroupOpen } from './groups';
import { listen } from './keys';
import { Queue } from './queue';
import { followView } from './several';
import { cases, counts, isBusy, isChoosing, isDone, next, open } from './store';
import { Tabs } from './tabs';
import type { Counts } from './types';
import { Viewer } from './viewer';
import { view } from './views';
import { isReviewer } from './who';
import { w } from './words';

/** Why nothing comes: others have the rest, or what is left cannot be looked at, or all of it is done. */
function Left({ of }: { of: Counts | undefined }) {
  if (of?.total) return <Empty title={w.othersHave(number(of.total))} />;
  if (of?.withheld)
    return (
      <Empty title={w.emptyNow} icon="info">
        {w.withheld(number(of.withheld))}
      </Empty>
    );
  return <Empty title={w.empty}>{w.emptyHint}</Empty>;
}

function Bench() {
  if (isChoosing.value) return <Batch />;
  const group = isGroupOpen.value && groupOf(open.value);
  const known = counts.state.value.data;
  if (group) return <GroupCard of={group} />;
  if (isDone.value) {
    return (
      <section class="vd">
        {Object.keys(asked.value).length ? (
          <Empty title={w.emptyFilter}>
            <button type="button" class="link" onClick={clearFilters}>
              {w.showAll}
            </button>
          </Empty>
        ) : (
          <Left of={known} />
        )}
      </section>
    );
  }
  if (open.value) return <Card />;
  return (
    <section class="vd">
      {isBusy.value ? (
        <Skeleton />
      ) : (
        <Empty title={w.noneOpen} icon="info">
          <button type="button" class="link" onClick={() => void next()}>
            {t.again}
          </button>
        </Empty>
      )}
    </section>
  );
}

/** A list that is beside the pictures; on phones it is folded above them, and takes their place. */
function Beside({
  title,
  count,
  children,
}: {
  title: string;
  count?: number | undefined;
  children: ComponentChildren;
}) {
  const fold = useRef<HTMLDetailsElement>(null);
  const id = open.value?.id;
  const before = useRef(id);
  useEffect(() => {
    // The first point that comes was not chosen from the list: whoever has unfolded it meanwhile goes on reading.
    if (fold.current && before.current && !isChoosing.peek()) fold.current.open = false;
    before.current = id;
  }, [id]);
  return (
    <details class="rqd" ref={fold}>
      <summary>
        <Icon name="list" size="s" />
        {title} <span class="mut">{count !== undefined && number(count)}</span>
      </summary>
      {children}
    </details>
  );
}

function Work() {
  return (
    <>
      {wide.value ? (
        <Queue />
      ) : (
        <>
          <h1 class="sr">{w.queue}</h1>
          <Beside title={w.queue} count={counts.state.value.data?.total}>
            <Queue />
          </Beside>
        </>
      )}
      <Viewer />
      <Bench />
    </>
  );
}

function Cases() {
  useCases();
  const group = isGroupOpen.value && groupOf(open.value);
  const list = (
    <aside class="rq" id="list" aria-label={w.views.cases} tabIndex={-1}>
      {wide.value && <Tabs />}
      <CaseList />
    </aside>
  );
  return (
    <>
      <h1 class="sr">{w.views.cases}</h1>
      {wide.value ? (
        list
      ) : (
        <Beside title={w.views.cases ?? ''} count={cases.state.value.data?.matched ?? undefined}>
          {list}
        </Beside>
      )}
      <Viewer />
      {isChoosing.value ? <SeveralCases /> : group ? <GroupCard of={group} /> : <CaseCard />}
    </>
  );
}

/** Views that need the whole window; whoever reviews does not wait for them. */
const PAGES: Record<string, () => Promise<ComponentType>> = {
  runs: async () => (await import('./runs')).Runs,
  figures: async () => (await import('./figures')).figures(),
};
const isPage = () => view.value in PAGES;
const page = partLoader(async (key) => PAGES[key]?.());

function Page() {
  const key = view.value;
  useEffect(() => void page.load(key), [key]);
  const load = page.state.value;
  const Content = load.key === key && load.data;
  return (
    <div class="rpage">
      {wide.value && <Tabs />}
      <div class="rpageb">
        {Content ? <Content /> : <LoadNote what={w.views[key] ?? ''} load={load} again={() => void page.again()} />}
      </div>
    </div>
  );
}

function Content() {
  if (isPage()) return <Page />;
  const isCases = view.value === 'cases' || !isReviewer;
  const whole = isGroupOpen.value || (isCases && isChoosing.value) ? '' : 'whole';
  return <div class={`rv ${whole} ${isChoosing.value ? 'choosing' : ''}`}>{isCases ? <Cases /> : <Work />}</div>;
}

export function App() {
  useEffect(followGroup, []);
  useEffect(followView, []);
  useEffect(() => {
    listen(() => showKeys(w, document.activeElement as HTMLElement));
  }, []);
  return (
    <>
      <a class="skip" href={isPage() ? '#main' : '#list'}>
        {w.skip}
      </a>
      <Head here="review" words={w}>
        {isReviewer && (
          <button type="button" class="tbtn only-d" onClick={(event) => showKeys(w, event.currentTarget)}>
            <kbd>?</kbd> {w.keyAll}
          </button>
        )}
      </Head>
      <main id="main" tabIndex={-1}>
        {!wide.value && <Tabs />}
        <Content />
        <Toast />
      </main>
    </>
  );
}
