/** The console: queues, list and map side by side, the case over the map; on a phone the map above and a sheet below. */

import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Brand, Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Skeleton } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { say, Toast } from '../../core/ui/toast';
import { openView, view } from '../../core/url';
import { Demo, intoSight, SignOut, Who } from '../../staff/top';
import { CallForm, callTitle } from './call';
import { CasePanel } from './case';
import { load as loadDispatch } from './dispatch';
import { Mail, MailButton } from './inbox';
import { listen } from './keys';
import { List } from './list';
import { ConsoleMap } from './map';
import { QueueColumn } from './queues';
import { statistics } from './statistics';
import { openKey, options, role, seesOrders } from './store';
import { c } from './words';

/** Staff's other pages, and their icons. */
const PAGES = [
  ['devices', 'level'],
  ['review', 'photo'],
  ['field', 'pin'],
] as const;

function Nav() {
  const may = options.value;
  const link = (key: string, title: string, icon: string) => (
    <button type="button" aria-current={view.value === key ? 'page' : undefined} onClick={() => openView(key)}>
      {!wide.value && <Icon name={icon} size="s" />}
      {title}
    </button>
  );
  return (
    // again whenever it is drawn: some pages are there only when it is known what one may do
    <nav aria-label={t.nav} ref={(nav) => intoSight(nav)}>
      {link('', c.work, 'list')}
      {PAGES.map(
        ([page, icon]) =>
          boot.me?.may.includes(page) && (
            <a key={page} href={`/${page}`}>
              {!wide.value && <Icon name={icon} size="s" />}
              {c[page]}
            </a>
          ),
      )}
      {seesOrders && link('figures', c.figures, 'board')}
      {may?.reads_crews && link('dispatch', may.reads_rules ? c.dispatch : c.crews, 'track')}
    </nav>
  );
}

function Top() {
  const open = useSignal(false);
  return (
    <header class="top">
      <a class="brand" href={`/c/${boot.county}/`} title={c.publicMap}>
        <Brand size={28} />
        <span class={wide.value ? '' : 'sr'}>{t.title(boot.facts?.name ?? '')}</span>
      </a>
      {wide.value && <Demo />}
      <Nav />
      <div class="right">
        {(role === 'desk' || !seesOrders) && (
          <button type="button" class="btn soft sm" onClick={() => openView('call')}>
            <Icon name="phone" size="s" />
            <span class={wide.value ? '' : 'sr'}>{callTitle()}</span>
          </button>
        )}
        <MailButton
          open={open.value}
          toggle={() => {
            open.value = !open.value;
          }}
        />
        {wide.value && <Who />}
        {wide.value && <Tools compact />}
        {wide.value && <SignOut title={c.signOut} />}
      </div>
      {open.value && (
        <Mail
          close={() => {
            open.value = false;
          }}
        >
          {!wide.value && (
            <div class="account">
              <Demo />
              <Who />
              <Tools compact />
              <SignOut title={c.signOut} />
            </div>
          )}
        </Mail>
      )}
    </header>
  );
}

function Desk() {
  const isCall = view.value === 'call';
  const isOpen = isCall || openKey.value !== '';
  return (
    <div class={isOpen ? 'cs open' : 'cs'}>
      {wide.value && <QueueColumn />}
      {(wide.value || !isOpen) && <List />}
      <ConsoleMap />
      {isCall ? <CallForm /> : openKey.value && <CasePanel />}
    </div>
  );
}

const dispatch = signal<ComponentType | null>(null);

/** Rules and crews; their words come when somebody goes there. */
function Dispatch() {
  useEffect(() => {
    if (dispatch.peek()) return;
    loadDispatch().then(
      (component) => {
        dispatch.value = component;
      },
      () => say(t.offline),
    );
  }, []);
  const Part = dispatch.value;
  return Part ? <Part /> : <Skeleton />;
}

let Figures: ComponentType | undefined;

function Content() {
  if (view.value === 'figures') {
    Figures ??= statistics();
    return <Figures />;
  }
  return view.value === 'dispatch' ? <Dispatch /> : <Desk />;
}

export function App() {
  useEffect(listen, []);
  return (
    <>
      <a class="skip" href="#main">
        {c.skip}
      </a>
      <Top />
      <main id="main" tabIndex={-1}>
        <Content />
        <Toast />
      </main>
    </>
  );
}
