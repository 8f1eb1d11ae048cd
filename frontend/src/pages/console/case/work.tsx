/** What the offices did: who has it, replies with their evidence, hand-backs, extension, supervision, tasks of others. */

import { useSignal } from '@preact/signals';
import { ApiError } from '../../../core/api';
import { date } from '../../../core/format';
import { Mark } from '../../../core/icons/Icon';
import { Facts, Status } from '../../../core/ui/Status';
import { say } from '../../../core/ui/toast';
import { lookOf } from '../../../layers/report-status';
import { orders } from '../api';
import { type Case, refresh } from '../store';
import { momentOf } from '../times';
import type { HandBack, Order, Report, Supervision } from '../types';
import { c } from '../words';
import { Files, Thumbs } from './pictures';

/** Of the orders before this one, and for who sees no orders, there is the answer that was approved. */
function Replies({ now: { order, report } }: { now: Case }) {
  const before = (report?.replies ?? []).filter(({ round }) => !order || round < order.row.round);
  const replies = order?.replies ?? [];
  const all = [...before, ...replies];
  if (!all.length) return null;
  return (
    <section aria-labelledby="replies">
      <h3 id="replies">{c.replies}</h3>
      {all.map((reply, index) => (
        <article key={index} class="reply">
          <p class="f13 sub">
            <Facts
              of={[
                'round' in reply ? order && c.beforeReopened : replies.length > 1 && c.replyNumber(reply.number),
                reply.unit,
                momentOf(reply.at),
                reply === replies.at(-1) && order?.row.state === 'review' && c.notReviewed,
              ]}
            />
          </p>
          <p class="told">{reply.text}</p>
          {'reason' in reply && reply.reason && <p class="f13 sub">{c.noEvidence(reply.reason)}</p>}
          <Thumbs photos={reply.photos} />
          <Files of={reply.documents} />
        </article>
      ))}
    </section>
  );
}

function Back({ back }: { back: HandBack }) {
  return (
    <li class="note">
      <Mark name="back" />
      <div>
        <b>{c.handedBack(back.unit, momentOf(back.at))}</b>
        <p>{back.reason}</p>
        <p class="f13">
          {c.f.evidence}: {back.evidence}
        </p>
        {back.ruling && (
          <p class="f13">
            {c.ruled(back.binding_unit)}: {back.ruling}
          </p>
        )}
      </div>
    </li>
  );
}

function SupervisionLine({ one }: { one: Supervision }) {
  const answer = useSignal('');
  const act = async (what: 'read' | 'answer', body: object) => {
    try {
      await orders.supervision(one.id, what, body);
      if (what === 'answer') say(c.done(c.answer));
      refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.message);
    }
  };
  return (
    <li class="note late">
      <Mark name="late" />
      <div class="grow">
        <b>{c.supervised(one.unit, momentOf(one.due_at))}</b>
        <p>{one.text}</p>
        <p class="f13">
          <Facts of={[momentOf(one.issued_at), one.read_at ? c.readAt(momentOf(one.read_at)) : c.notRead]} />
        </p>
        {one.answer && (
          <p class="f13">
            {c.answered(one.answered_at ? momentOf(one.answered_at) : '')}: {one.answer}
          </p>
        )}
        {one.is_own && !one.read_at && (
          <button type="button" class="btn sm" onClick={() => void act('read', {})}>
            {c.haveRead}
          </button>
        )}
        {one.is_own && one.read_at && !one.answered_at && (
          <form
            class="answer"
            onSubmit={(event) => {
              event.preventDefault();
              void act('answer', { text: answer.value });
            }}
          >
            <textarea
              class="inp"
              rows={2}
              aria-label={c.answerLabel}
              maxLength={1000}
              value={answer.value}
              onInput={(event) => {
                answer.value = event.currentTarget.value;
              }}
            />
            <button type="submit" class="btn sm">
              {c.answer}
            </button>
          </form>
        )}
      </div>
    </li>
  );
}

function ExtensionNote({ order: { extension } }: { order: Order }) {
  if (!extension) return null;
  const { workdays, reason, state, due_after, note } = extension;
  return (
    <li class="note soon">
      <Mark name="soon" />
      <div>
        <b>{c.extension(workdays, state)}</b>
        <p>{reason}</p>
        {due_after && <p class="f13">{c.dueNow(momentOf(due_after))}</p>}
        {note && <p class="f13">{note}</p>}
      </div>
    </li>
  );
}

function Tasks({ order: { children } }: { order: Order }) {
  if (!children.length) return null;
  return (
    <section aria-labelledby="tasks">
      <h3 id="tasks">{c.tasks}</h3>
      <ul class="lines">
        {children.map((one) => (
          <li key={one.id} class="row">
            <span class="grow">
              {one.title}
              <span class="d">{one.unit?.name}</span>
            </span>
            <Status status={lookOf(one.state)} title={one.state_title} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CallBacks({ report: { call_backs } }: { report: Report }) {
  if (!call_backs.length) return null;
  return (
    <section aria-labelledby="calls">
      <h3 id="calls">{c.callBacks}</h3>
      {call_backs.map(({ round, mode_title, outcome, outcome_title, note, at, is_sample }) => (
        <p key={round} class="f14">
          <Status status={CALLED[outcome] ?? 'pause'} title={outcome_title} />{' '}
          <Facts of={[mode_title, is_sample && c.sampled, at && momentOf(at)]} />
          {note && <span class="d told">{note}</span>}
        </p>
      ))}
    </section>
  );
}

const CALLED: Record<string, string> = { satisfied: 'done', unsatisfied: 'back' };

export function Work({ now }: { now: Case }) {
  const { order, report } = now;
  if (!order) return <Replies now={now} />;
  const { row, agency, agency_due_on, routing, is_binding } = order;
  const notes = order.hand_backs.length + order.supervisions.length + Number(Boolean(order.extension));
  return (
    <>
      {row.unit && (
        <section aria-labelledby="work">
          <h3 id="work">{c.whoHas}</h3>
          <p>
            <b>{row.unit.name}</b> <Facts of={[row.assignee, row.crew, is_binding && c.binding]} />
          </p>
          {routing.map((line) => (
            <p key={line} class="f13 sub">
              {line}
            </p>
          ))}
          {agency && <p class="f14">{c.atAgency(agency, agency_due_on ? date(agency_due_on) : '')}</p>}
        </section>
      )}
      {notes > 0 && (
        <ul class="notes">
          <ExtensionNote order={order} />
          {order.hand_backs.map((back) => (
            <Back key={back.at} back={back} />
          ))}
          {order.supervisions.map((one) => (
            <SupervisionLine key={one.id} one={one} />
          ))}
        </ul>
      )}
      <Replies now={now} />
      {report && <CallBacks report={report} />}
      {report && report.ratings.length > 0 && (
        <section aria-labelledby="ratings">
          <h3 id="ratings">{c.ratings}</h3>
          {report.ratings.map(({ round, is_satisfied, text }) => (
            <p key={round}>
              <Status status={is_satisfied ? 'done' : 'back'} title={is_satisfied ? c.satisfied : c.unsatisfied} />{' '}
              {text}
            </p>
          ))}
        </section>
      )}
      <Tasks order={order} />
    </>
  );
}
