/** Field checks on a telephone: the list with its map, one point with its form, and what was sent. */

import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { moment } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { Toast } from '../../core/ui/toast';
import { select } from '../../core/url';
import { others } from './checking';
import { List } from './list';
import { FieldMap } from './map';
import { reconnect } from './outbox';
import { Point, PointActs } from './point';
import { isFull } from './store';
import { isOnline, left, load, open, taken, trouble } from './tasks';
import { w } from './words';

function Top() {
  return (
    <header class="ft">
      {open.value ? (
        <button type="button" class="xb" aria-label={w.toList} onClick={() => select(null)}>
          <Icon name="back" />
        </button>
      ) : (
        <a class="xb" href={`/console?lang=${boot.lang}`} aria-label={w.toWork}>
          <Icon name="back" />
        </a>
      )}
      <span class="b">{open.value?.card.number ?? w.title}</span>
      {boot.facts?.is_demo && <span class="demo">{t.demo}</span>}
      <span class="grow" />
      <Tools compact />
    </header>
  );
}

/** Of when the list is, and whether all of it is on the telephone. */
function Along() {
  const list = taken.value;
  if (!list || !isOnline.value) return null;
  return (
    <p class="along f13 sub" role="status">
      {left.value ? (
        w.taking(left.value)
      ) : isFull.value ? (
        w.full
      ) : (
        <>
          <Icon name="check" size="xs" />
          {w.takenAt(moment(list.at))}
        </>
      )}
      <span class="grow" />
      <button type="button" class="link" onClick={() => void load()}>
        {w.takeNow}
      </button>
    </p>
  );
}

function Warning({ icon, children }: { icon: string; children: preact.ComponentChildren }) {
  return (
    <p class="note soon" role="status">
      <Icon name={icon} size="s" />
      <span>{children}</span>
    </p>
  );
}

function Notices() {
  const why = trouble.value;
  const list = taken.value;
  return (
    <>
      {!isSecureContext && <Warning icon="alert">{w.insecure}</Warning>}
      {!isOnline.value && (
        <Warning icon="offline">
          <b>{t.offline}</b> {list ? w.offlineHint(moment(list.at)) : w.neverTaken}{' '}
          <button type="button" class="link" onClick={() => void reconnect()}>
            {t.again}
          </button>
        </Warning>
      )}
      {why === 'signIn' && (
        <Warning icon="user">
          {w.signIn} <a href="/login?next=/field">{w.signInNow}</a>
        </Warning>
      )}
      {list && others.value.length > 0 && (
        <Warning icon="user">
          {w.othersWait(others.value.length, [...new Set(others.value.map(({ person }) => person))].join(' '))}
        </Warning>
      )}
      {why === 'foreign' && <Warning icon="user">{w.foreign}</Warning>}
      {typeof why === 'object' && <Warning icon="alert">{why.why}</Warning>}
    </>
  );
}

export function App() {
  const body = useRef<HTMLElement>(null);
  const now = open.value?.card.id;
  const before = useRef(now);
  useEffect(() => {
    if (before.current === now) return;
    before.current = now;
    body.current?.parentElement?.scrollTo(0, 0);
    body.current?.focus({ preventScroll: true });
  }, [now]);
  return (
    <>
      <a class="skip" href="#list">
        {w.skip}
      </a>
      <Top />
      <main id="main" class={now ? 'fw one' : 'fw'}>
        <FieldMap />
        <section id="list" class="fb" ref={body} tabIndex={-1} aria-label={open.value?.card.number ?? w.list}>
          <Notices />
          {!now && <Along />}
          {open.value ? (
            <Point task={open.value} />
          ) : taken.value ? (
            <List />
          ) : (
            isOnline.value && !trouble.value && <Skeleton />
          )}
        </section>
        <Toast />
      </main>
      {open.value && <PointActs task={open.value} />}
    </>
  );
}
