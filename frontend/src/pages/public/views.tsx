/** The way between the views: tabs at the top of wide pages and at the foot of phones, and the place of the view. */

import { signal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { partLoader } from '../../core/load';
import { LoadNote } from '../../core/ui/Notes';
import { addressOf, openView, view } from '../../core/url';
import { navEntries, reportAddress, VIEWS } from './nav';
import { filtering } from './store';

const hint = signal<ComponentType | null>(null);

/** That the map shows a part only; loaded when it does. */
export function FilterHint() {
  useSignalEffect(() => {
    if (!filtering.value || hint.peek()) return;
    import('./list/hint')
      .then((part) => part.load())
      .then(
        (component) => {
          hint.value = component;
        },
        () => undefined, // no network: whatever fetches rows says so
      );
  });
  const Content = hint.value;
  return Content && <Content />;
}

const viewPart = partLoader(async (key) => (await VIEWS[key]?.())?.load());

interface FreshLinkProps {
  of: () => string;
  class?: string;
  'aria-current'?: 'page' | undefined;
  onClick?: (event: MouseEvent) => void;
  children: ComponentChildren;
}

/** A link whose address is made when it is followed. */
function FreshLink({ of, ...more }: FreshLinkProps) {
  const refresh = ({ currentTarget }: { currentTarget: HTMLAnchorElement }) => {
    currentTarget.href = of();
  };
  return <a {...more} href={of()} onPointerDown={refresh} onFocus={refresh} />;
}

/** The way to the form: the "+" of phones, the button of wide pages. */
export function ReportLink({ icons }: { icons?: boolean }) {
  return (
    <FreshLink of={reportAddress} class={icons ? 'plus' : 'btn pri sm'}>
      <Icon name="plus" />
      {icons ? t.report : t.reportLong}
    </FreshLink>
  );
}

/** Links, so that a view opens in a new tab as well. */
export function Tabs({ icons }: { icons?: boolean }) {
  const now = view.value in VIEWS ? view.value : '';
  const links = navEntries().map(({ key, title, icon, page }) => (
    <FreshLink
      key={key}
      of={page ?? (() => addressOf(key))}
      aria-current={now === key ? 'page' : undefined}
      onClick={(event) => {
        if (page || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openView(key);
      }}
    >
      {icons && <Icon name={icon} />}
      {title}
    </FreshLink>
  ));
  if (icons) links.splice(2, 0, <ReportLink key="report" icons />);
  return (
    <nav class={icons ? 'tabbar' : ''} aria-label={t.nav}>
      {links}
    </nav>
  );
}

/** What stands beside the map instead of the county's front; null for the map alone. */
export function ViewPane() {
  useSignalEffect(() => {
    if (view.value in VIEWS) void viewPart.load(view.value);
  });
  const load = viewPart.state.value;
  const Content = load.key === view.value ? load.data : undefined;
  const title = navEntries().find(({ key }) => key === view.value)?.title;
  return (
    <section class="pane" aria-label={title}>
      {Content ? (
        <Content />
      ) : (
        <div class="sec">
          <LoadNote what={title ?? ''} load={load} again={() => void viewPart.again()} />
        </div>
      )}
    </section>
  );
}
