/** The way between the views: tabs at the top of wide pages and at the foot of phones, and the place of the view. */

import { signal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
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

const drawn = signal<Record<string, ComponentType>>({});

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
    const key = view.value;
    const fetch = VIEWS[key];
    if (!fetch || drawn.peek()[key]) return;
    fetch()
      .then((part) => part.load())
      .then(
        (component) => {
          drawn.value = { ...drawn.peek(), [key]: component };
        },
        () => say(t.offline),
      );
  });
  const Content = drawn.value[view.value];
  return (
    <section class="pane" aria-label={navEntries().find(({ key }) => key === view.value)?.title}>
      {Content ? <Content /> : <Skeleton />}
    </section>
  );
}
