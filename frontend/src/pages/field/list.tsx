/** The points to go to, the nearest first, and what was sent of them. */

import { distance, moment } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import { Empty } from '../../core/ui/Notes';
import { Facts } from '../../core/ui/Status';
import { select } from '../../core/url';
import { SignOut } from '../../staff/top';
import { csrfToken } from './api';
import { all, together } from './checking';
import { far, placeOf } from './place';
import { Sent, told } from './sent';
import { isOnline, isRectified, now, POINTS, taken, tasks } from './tasks';
import type { Task } from './types';
import { w } from './words';

/** What this telephone, or else the server, knows of checks of the point. */
function done({ card: { id }, checks }: Task): { mark: string; text: string } | null {
  const mine = all.value.filter(({ point }) => point === id);
  const sending = mine.find(({ state }) => state === 'queued');
  if (sending) return told(sending);
  if (mine.some(({ state }) => state === 'editing')) return { mark: 'work', text: w.begun };
  return checks ? { mark: 'done', text: w.been(checks) } : null;
}

/** The project of a point, and how many go by its order; '' for one alone. */
export function projectOf(task: Task): string {
  const n = together(task).length;
  return [task.card.group_title, n > 1 && w.oneOrder(n)].filter(Boolean).join(w.comma);
}

function Row({ task }: { task: Task }) {
  const { card, due_at, leads, order_title } = task;
  const metres = far(card);
  const been = done(task);
  const due = due_at ? Date.parse(due_at) : 0;
  return (
    <li>
      <button type="button" class="fi" onClick={() => select({ kind: POINTS, id: String(card.id) })}>
        <span class="grow">
          <b>
            {card.number} {w.suspected(card.kind_title)}
          </b>
          <span class="f13 sub">
            <Facts
              of={[
                isRectified(task) && card.state_title,
                placeOf(card),
                projectOf(task),
                due > 0 && (due < now() ? w.overdue(moment(due)) : w.due(moment(due))),
                leads ? w.mine : w.others(order_title),
              ]}
            />
          </span>
          {been && (
            <span class="f13 sub row">
              <Mark name={been.mark} />
              {been.text}
            </span>
          )}
        </span>
        {metres !== null && <span class="sub f14 nw">{distance(metres)}</span>}
        <Icon name="next" size="s" />
      </button>
    </li>
  );
}

/** Telephones are shared, and lost. */
function Me() {
  const person = isOnline.value && taken.value?.person;
  const csrf = csrfToken();
  if (!person || !csrf) return null;
  return (
    <section class="me f13 sub">
      <p class="grow">
        <Facts of={[person.role_title, person.unit]} />
      </p>
      <SignOut title={w.signOut} csrf={csrf} />
      {all.value.some(({ state }) => state !== 'sent') && <p>{w.signOutKeeps}</p>}
    </section>
  );
}

export function List() {
  const found = tasks.value;
  return (
    <>
      <h1>{w.count(found.length)}</h1>
      {!found.length && <Empty title={w.empty}>{w.emptyHint}</Empty>}
      <ul class="fl">
        {found.map((task) => (
          <Row key={task.card.id} task={task} />
        ))}
      </ul>
      <Sent />
      <Me />
    </>
  );
}
