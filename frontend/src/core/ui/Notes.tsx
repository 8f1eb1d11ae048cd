/** What is shown while something is not there: grey lines, slow, error, offline, empty. */

import type { ComponentChildren } from 'preact';
import { keptAt } from '../api';
import { moment, time } from '../format';
import { t } from '../i18n';
import { Icon, Mark } from '../icons/Icon';
import type { Load } from '../load';

export function Skeleton() {
  return (
    <div class="skels" role="status" aria-label={t.loading}>
      <i class="skel" style="width:42%;height:1rem" />
      <i class="skel" style="width:88%" />
      <i class="skel" style="width:64%" />
    </div>
  );
}

/** Stands where a heading will be. */
export function Waiting() {
  return (
    <>
      <i class="skel" />
      <span class="sr">{t.loading}</span>
    </>
  );
}

export function Note({
  tone,
  icon,
  children,
}: {
  tone?: string;
  icon: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class={tone ? `note ${tone}` : 'note'} role="status">
      {icon}
      <div>{children}</div>
    </div>
  );
}

export function Empty({
  title,
  icon = 'check',
  children,
}: {
  title: string;
  icon?: 'check' | 'info';
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="b">{title}</p>
      {children && <p class="f13 mut">{children}</p>}
    </div>
  );
}

function Again({ again }: { again: () => void }) {
  return (
    <button type="button" class="link" onClick={again}>
      {t.again}
    </button>
  );
}

function Failure({ what, load, again }: { what: string; load: Load<unknown> & { phase: 'error' }; again: () => void }) {
  const { error, at } = load;
  if (error.status === 404) {
    return (
      <Note icon={<Icon name="info" size="s" />}>
        <b>{t.notFound}</b> {t.notFoundHint}
      </Note>
    );
  }
  if (error.offline) {
    return (
      <Note tone="soon" icon={<Icon name="offline" size="s" />}>
        <b>{t.offline}</b> {at ? t.offlineKept(time(at)) : t.offlineHint} <Again again={again} />
      </Note>
    );
  }
  return (
    <Note tone="late" icon={<Mark name="late" />}>
      <b>{t.failed(what)}</b> {error.message || t.failedWhy} {error.hint} <Again again={again} />
    </Note>
  );
}

/** Without network the page says how old what it shows is, for as long as it is so. */
export function KeptNote() {
  return keptAt.value ? (
    <p class="kept" role="status">
      <Icon name="offline" size="s" />
      <span>
        <b>{t.offline}</b> {t.offlineKept(moment(keptAt.value))}
      </span>
    </p>
  ) : null;
}

/** Shows the state of a load; the known content, however old, is the caller's to draw below it. */
export function LoadNote({ what, load, again }: { what: string; load: Load<unknown>; again: () => void }) {
  if (load.phase === 'error') return <Failure what={what} load={load} again={again} />;
  if (load.phase === 'slow') {
    return (
      <>
        <Note icon={<Icon name="clock" size="s" />}>{load.at ? t.slowKept(time(load.at)) : t.slow}</Note>
        {!load.data && <Skeleton />}
      </>
    );
  }
  return load.phase === 'loading' && !load.data ? <Skeleton /> : null;
}
