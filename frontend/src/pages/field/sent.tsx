/** What waits on this telephone, what has arrived, and what was not accepted. */

import { useSignal } from '@preact/signals';
import { moment } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { all, discard, reopen, shots } from './checking';
import { again, sendAll, sending } from './outbox';
import type { Check } from './types';
import { w } from './words';

export function told({ key, state, trouble, isDelivered }: Check): { mark: string; text: string } {
  if (sending.value === key) return { mark: 'work', text: w.stateSending };
  if (state === 'sent') return { mark: 'done', text: w.stateSent };
  if (trouble) return { mark: 'late', text: isDelivered ? w.stateOrder : w.stateRefused };
  return { mark: 'soon', text: w.stateWaits };
}

/** The check has arrived, its reply has not: it wants other words. */
function Reply({ check }: { check: Check }) {
  const text = useSignal(check.note);
  return (
    <>
      <textarea
        class="inp"
        rows={3}
        aria-label={w.note}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <button type="button" class="btn soft" onClick={() => void again(check, text.value.trim())}>
        {w.submitAgain}
      </button>
    </>
  );
}

function Acts({ check }: { check: Check }) {
  const sure = useSignal(false);
  if (check.state === 'sent' || sending.value === check.key) return null;
  if (check.trouble && check.isDelivered) return <Reply check={check} />;
  return (
    <div class="wrapped">
      <button type="button" class="btn soft sm" onClick={() => void (check.trouble ? again(check) : sendAll())}>
        {w.sendNow}
      </button>
      {check.trouble && (
        <>
          <button type="button" class="btn sm" onClick={() => void reopen(check)}>
            {w.change}
          </button>
          <button
            type="button"
            class="btn sm"
            onClick={() => {
              if (sure.value) void discard(check);
              sure.value = true;
            }}
          >
            {sure.value ? w.discardSure : w.discard}
          </button>
        </>
      )}
    </div>
  );
}

function Row({ check }: { check: Check }) {
  const { mark, text } = told(check);
  return (
    <li class="sent">
      <p class="row">
        <Mark name={mark} />
        <b class="grow">{check.number}</b>
        <span class="f14">{text}</span>
      </p>
      <p class="f13 sub">{moment(check.at)}</p>
      {check.state === 'sent' && check.handsIn && <p class="f13 sub">{w.handedIn}</p>}
      {check.trouble && (
        <p class="f14" role="alert">
          {check.trouble}
        </p>
      )}
      <Acts check={check} />
    </li>
  );
}

/** All of this person, or those of one point. */
export function Sent({ point = 0 }: { point?: number }) {
  void shots.value;
  const shown = all.value.filter((check) => check.state !== 'editing' && (!point || check.point === point));
  if (!shown.length) return null;
  const gone = shown.filter(({ state }) => state === 'sent').length;
  return (
    <section class="outbox" aria-label={w.outbox}>
      <h2>{w.outbox}</h2>
      <p class="f13 sub" role="status">
        {w.counts(shown.length - gone, gone)}
      </p>
      <ul>
        {shown.map((check) => (
          <Row key={check.key} check={check} />
        ))}
      </ul>
    </section>
  );
}
