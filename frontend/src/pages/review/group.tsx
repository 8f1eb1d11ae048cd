/** Many points that are one project: what they are, and one act for all that can have it. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { changed, closeGroup, dissolve, doWith, gone, groupOf, hideGroup, openGroup, putBack, takeOut } from './groups';
import { Reasons } from './kinds';
import { lookOf } from './look';
import { Note, Waits } from './moves';
import { OrderLine } from './order';
import { Outcomes } from './outcomes';
import { asked, done, outcome, type Said, takenBack, tried } from './several';
import { act, isBusy, open, openAt } from './store';
import { type Card, type Group, QUEUE } from './types';
import { Unit } from './units';
import { whole } from './viewer';
import { isKeeper, isReviewer } from './who';
import { w } from './words';

function PutBack() {
  const one = gone.value;
  if (!one) return null;
  return (
    <button type="button" class="link f14" disabled={isBusy.value} onClick={() => void putBack()}>
      {w.putBack(one.title)}
    </button>
  );
}

/** One line of a card: which project the point is a part of, and the way there. */
export function GroupLine({ point }: { point: Card }) {
  if (!point.group) return gone.value?.ids.includes(point.id) ? <PutBack /> : null;
  const of = groupOf(point);
  if (!isKeeper) return <p class="f14 sub">{w.inGroup(point.group_title)}</p>;
  return (
    <button type="button" class="grpl" onClick={openGroup}>
      <Icon name="layers" size="s" />
      <span class="grow">
        <Facts of={[w.inGroup(point.group_title), of && w.points(number(of.points.length))]} />
      </span>
      <Icon name="next" size="xs" />
    </button>
  );
}

function Member({ of, point }: { of: Group; point: Card }) {
  return (
    <li class="row member">
      <button
        type="button"
        class="link grow"
        aria-current={open.value?.id === point.id ? 'true' : undefined}
        onClick={() => {
          hideGroup();
          void act(() => openAt(point.id));
        }}
      >
        {point.number}
      </button>
      <Status status={lookOf(point.state)} title={point.state_title} />
      <button type="button" class="x" aria-label={w.takeOut(point.number)} onClick={() => void takeOut(of, point)}>
        <Icon name="close" size="xs" />
      </button>
    </li>
  );
}

/** What may be asked of the points in a state, all at once. */
const ORDERS = [
  ['confirmed', 'check'],
  ['found_illegal', 'rectify'],
] as const;
/** What takes it back until somebody has signed. */
const SENT = [
  ['field_check', 'check'],
  ['rectifying', 'rectify'],
] as const;

function Acts({ of }: { of: Group }) {
  const unit = useSignal('');
  const count = (...states: string[]) => of.points.filter(({ state }) => states.includes(state)).length;
  const waiting = count(...QUEUE);
  const tryAll = (verdict: Said) => tried(asked({ group: of.id }, verdict, of.points));
  const button = (key: string, look: string, title: string, press: () => unknown) => (
    <button key={key} type="button" class={look} disabled={isBusy.value} onClick={() => void press()}>
      {title}
    </button>
  );
  const send = (move: 'check' | 'rectify', n: number) =>
    doWith(of, move, unit.peek() ? { unit: Number(unit.peek()) } : {}, w.groupDone[move](n));
  const found = outcome.value;
  const orders = ORDERS.filter(([state]) => count(state));
  return (
    <div class="vda1">
      {isBusy.value && !found && <Skeleton />}
      {waiting > 0 && !found?.batch && (
        <>
          <Reasons />
          <p class="f14">{w.allWaiting(waiting)}</p>
          <div class="wrapped">
            {button('change', 'btn soft', w.acts.change, () => tryAll('change'))}
            {button('no_change', 'btn soft', w.acts.no_change, () => tryAll('no_change'))}
          </div>
        </>
      )}
      {found && (
        <Outcomes of={found} act={() => void done(found, changed)} undo={(batch) => void takenBack(batch, changed)} />
      )}
      <div class="acts">
        {orders.length > 0 && (
          <Unit
            value={unit.value}
            set={(value) => {
              unit.value = value;
            }}
          />
        )}
        {orders.map(([state, move]) =>
          button(move, 'btn soft', w.groupActs[move](count(state)), () => send(move, count(state))),
        )}
        <Accept of={of} />
        {SENT.filter(([state]) => count(state)).map(([state, move]) =>
          button(state, 'btn', w.recall[move], () => doWith(of, 'recall', { move }, w.recalled)),
        )}
      </div>
    </div>
  );
}

/** All that is being put right is accepted in one go, or what that waits for; or none of it is. */
function Accept({ of }: { of: Group }) {
  const n = of.points.filter(({ state }) => state === 'rectifying').length;
  if (!n) return null;
  return (
    <>
      {of.waits.length ? (
        <Waits of={of.waits} />
      ) : (
        <button
          type="button"
          class="btn soft"
          disabled={isBusy.value}
          onClick={() => void doWith(of, 'verify', {}, w.groupDone.verify(n))}
        >
          {w.groupActs.verify(n)}
        </button>
      )}
      {of.may_refuse && <Refuse of={of} n={n} />}
    </>
  );
}

function Refuse({ of, n }: { of: Group; n: number }) {
  const note = useSignal('');
  return (
    <form
      class="acts"
      onSubmit={(event) => {
        event.preventDefault();
        void doWith(of, 'refuse', { note: note.peek().trim() }, w.groupDone.refuse(n));
      }}
    >
      <Note
        value={note.value}
        set={(said) => {
          note.value = said;
        }}
        isNeeded
      />
      <button type="submit" class="btn" disabled={isBusy.value || !note.value.trim()}>
        {w.groupActs.refuse(n)}
      </button>
    </form>
  );
}

/** The project, in place of the card. */
export function GroupCard({ of }: { of: Group }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    return whole;
  }, []);
  const mu = of.points.reduce((sum, { area_mu }) => sum + area_mu, 0);
  return (
    <aside class="vd" aria-label={w.group}>
      <div class="vdh">
        <div class="row">
          <h2 class="grow" tabIndex={-1} ref={heading}>
            {of.title}
          </h2>
          <button type="button" class="x" aria-label={t.close} onClick={closeGroup}>
            <Icon name="close" />
          </button>
        </div>
        <p class="f14 sub">
          <Facts of={[w.points(number(of.points.length)), w.mu(number(Math.round(mu * 100) / 100))]} />
        </p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.group}>
        <ul>
          {of.points.map((point) => (
            <Member key={point.id} of={of} point={point} />
          ))}
        </ul>
        {of.orders.map((order) => (
          <OrderLine key={order.id} of={order} />
        ))}
        <div class="wrapped">
          <button type="button" class="link f14" disabled={isBusy.value} onClick={() => void dissolve(of)}>
            {w.dissolve}
          </button>
          <PutBack />
        </div>
      </section>
      {isReviewer ? (
        <Acts of={of} />
      ) : (
        <div class="vda1">
          <Accept of={of} />
        </div>
      )}
    </aside>
  );
}
