/** The workbench of change points: the queue, two scenes of the one in hand, and what the reader says of it. */

import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Empty, Skeleton } from '../../core/ui/Notes';
import { Toast } from '../../core/ui/toast';
import { view } from '../../core/url';
import { Head } from '../../staff/head';
import { showKeys } from '../../staff/keys';
import { Batch, SeveralCases } from './batch';
import { Card } from './card';
import { CaseCard, CaseList, useCases } from './cases';
import { figures } from './figures';
import { GroupCard } from './group';
import { followGroup, groupOf, isGroupOpen } from './groups';
import { listen } from './keys';
import { Queue } from './queue';
import { Runs } from './runs';
import { followView } from './several';
import { isChoosing, isDone, isReviewer, open } from './store';
import { Tabs } from './tabs';
import { Viewer } from './viewer';
import { w } from './words';

function Bench() {
  if (isChoosing.value) return <Batch />;
  const group = isGroupOpen.value && groupOf(open.value);
  if (group) return <GroupCard of={group} />;
  if (isDone.value) {
    return (
      <section class="vd">
        <Empty title={w.empty}>{w.emptyHint}</Empty>
      </section>
    );
  }
  return open.value ? (
    <Card />
  ) : (
    <section class="vd">
      <Skeleton />
    </section>
  );
}

/** A list beside the pictures; on phones it is folded below the card. */
function Beside({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <details class="rqd">
      <summary>
        <Icon name="list" size="s" />
        {title}
      </summary>
      {children}
    </details>
  );
}

function Work() {
  const title = w.queueLabel;
  return (
    <>
      {wide.value && <Queue />}
      <Viewer />
      <Bench />
      {!wide.value && (
        <Beside title={title}>
          <Queue />
        </Beside>
      )}
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
      {wide.value && list}
      <Viewer />
      {isChoosing.value ? <SeveralCases /> : group ? <GroupCard of={group} /> : <CaseCard />}
      {!wide.value && <Beside title={w.views.cases ?? ''}>{list}</Beside>}
    </>
  );
}

let Figures: ComponentType | undefined;

/** Views that need the whole window. */
function Page() {
  Figures ??= figures();
  return (
    <div class="rpage">
      {wide.value && <Tabs />}
      <div class="rpageb">{view.value === 'runs' ? <Runs /> : <Figures />}</div>
    </div>
  );
}

const isPage = () => view.value === 'runs' || view.value === 'figures';

function Content() {
  if (isPage()) return <Page />;
  return <div class="rv">{view.value === 'cases' || !isReviewer ? <Cases /> : <Work />}</div>;
}

export function App() {
  useEffect(followGroup, []);
  useEffect(followView, []);
  useEffect(() => listen(() => showKeys(w, document.activeElement as HTMLElement)), []);
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
