/** After sending: number, code and what happens next; and what still waits for the network. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { date, time } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { Copied } from '../../incidents/copied';
import { forget, isKept, keep } from '../../incidents/kept';
import { type Waiting, waiting } from './outbox';
import { again, another, change, discard, putAway, receipts, seen } from './send';
import type { Sent } from './store';
import { r } from './words';

const local = (code: string) => `/track/${encodeURIComponent(code)}`;
const qrAddress = (code: string) => `/api/qr.svg?path=${encodeURIComponent(local(code))}`;

/** The code on this device only when somebody wants it there. */
function Keep({ one: { receipt, title } }: { one: Sent }) {
  const { code, number } = receipt;
  const on = isKept(code);
  const toggle = () => {
    const done = on ? forget(code) : keep({ code, number, title, at: new Date().toISOString() });
    if (!done) say(r.keepFailed);
  };
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={toggle} />
      <span>
        {r.keep}
        <span class="d">{r.keepHint}</span>
      </span>
    </label>
  );
}

function Next({ acceptBy }: { acceptBy: string | null }) {
  const lines = [
    [r.nextAccept, acceptBy ? r.nextAcceptBy(`${date(acceptBy)} ${time(acceptBy)}`) : r.nextAcceptSoon],
    [r.nextAnswer, r.nextAnswerHint],
    [r.nextRate, r.nextRateHint],
  ];
  return (
    <ol class="tl">
      {lines.map(([title, hint]) => (
        <li key={title}>
          <Mark name="new" />
          <div>
            <b>{title}</b>
            <p class="f14 sub">{hint}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Receipt({ one, isFirst }: { one: Sent; isFirst: boolean }) {
  const { receipt } = one;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    seen(one);
    if (isFirst) heading.current?.focus();
  }, []);
  return (
    <section class="card receipt">
      <h2 ref={heading} tabIndex={-1} class="row">
        <Mark name="done" />
        {r.done}
      </h2>
      <p class="sub">{one.title}</p>
      <div class="codes">
        <dl>
          <div>
            <dt>{r.number}</dt>
            <dd>{receipt.number}</dd>
          </div>
          <div>
            <dt>{r.code}</dt>
            <dd class="code">{receipt.code}</dd>
          </div>
        </dl>
        <img class="qr" src={qrAddress(receipt.code)} width="132" height="132" alt={r.qr} />
      </div>
      <p class="f14">{r.codeHint}</p>
      <Copied label={r.link} value={`${origin}${local(receipt.code)}`} />
      <Keep one={one} />
      <h3>{r.next}</h3>
      <Next acceptBy={receipt.accept_by} />
      <div class="wrapped noprint">
        <a class="btn soft" href={`${local(receipt.code)}?lang=${boot.lang}`}>
          <Icon name="track" size="s" />
          {r.track}
        </a>
        <button type="button" class="btn" onClick={() => print()}>
          <Icon name="print" size="s" />
          {r.print}
        </button>
        <button type="button" class="btn" onClick={() => void putAway(one)}>
          {r.noted}
        </button>
      </div>
    </section>
  );
}

function WaitingCard({ one }: { one: Waiting }) {
  const sure = useSignal(false);
  const { state, draft, photos, why } = one;
  const title = draft.text.trim().slice(0, 40);
  return (
    <section class="card receipt" aria-label={title}>
      <h2 class="row">
        <Icon name={state === 'refused' ? 'alert' : state === 'sending' ? 'clock' : 'offline'} />
        {state === 'refused' ? r.refused : state === 'sending' ? r.sending : r.waits}
      </h2>
      <p class="sub">{title}</p>
      <p class="f14" role="status">
        {state === 'refused' ? why || r.refusedHint : r.waitsHint(photos)} {state === 'waiting' && why}
      </p>
      <div class="wrapped">
        <button type="button" class="btn soft" disabled={state === 'sending'} onClick={() => again(one)}>
          {r.sendNow}
        </button>
        {!draft.body && state !== 'sending' && (
          <button type="button" class="btn" onClick={() => void change(one)}>
            {r.changeIt}
          </button>
        )}
        {state !== 'sending' && (
          <button
            type="button"
            class="btn"
            onClick={() => {
              if (sure.value) void discard(one);
              sure.value = true;
            }}
          >
            {sure.value ? r.discardSure : r.discard}
          </button>
        )}
      </div>
    </section>
  );
}

/** What is on this device and not put away: shown at the end, and at the beginning of the next visit. */
export function Outbox() {
  return (
    <>
      {waiting.value.map((one) => (
        <WaitingCard key={one.draft.key} one={one} />
      ))}
      {receipts.value.map((one, index) => (
        <Receipt key={one.key} one={one} isFirst={index === 0} />
      ))}
    </>
  );
}

export function SentStep() {
  const isEmpty = !waiting.value.length && !receipts.value.length;
  return (
    <div class="sentstep">
      <Outbox />
      {isEmpty && <Skeleton />}
    </div>
  );
}

export function SentActs() {
  return (
    <>
      <a class="btn" href={`/c/${boot.county}/?lang=${boot.lang}`}>
        {r.toMap}
      </a>
      <button type="button" class="btn pri grow" onClick={() => void another()}>
        {r.another}
      </button>
    </>
  );
}
