/** The form in three steps: on a phone one after the other, on wide pages beside the map. */

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { KeptNote } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { Toast } from '../../core/ui/toast';
import { Contact, ContactActs } from './contact';
import { draft, resumed, saved } from './draft';
import { ReportMap } from './map';
import { waiting } from './outbox';
import { SentActs, SentStep } from './receipt';
import { another, receipts, trouble } from './send';
import { goToStep, type Step, step } from './steps';
import { What, WhatActs } from './what';
import { Where, WhereActs, WhereTools } from './where';
import { r } from './words';

const isOnline = signal(navigator.onLine);
for (const name of ['online', 'offline']) {
  addEventListener(name, () => {
    isOnline.value = name === 'online';
  });
}

const ORDER: Step[] = ['where', 'what', 'contact'];
const BEFORE: Partial<Record<Step, Step>> = { what: 'where', contact: 'what' };

function Saved() {
  const isWriting = Boolean(draft.value.text || draft.value.spot);
  const words = { yes: r.savedYes, no: isWriting ? r.savedNo : '', never: r.savedNever };
  return (
    <span class="f13 mut saved" role="status">
      {step.value === 'sent' ? '' : words[saved.value]}
    </span>
  );
}

function Top() {
  const before = BEFORE[step.value];
  return (
    <header class="rt">
      {before ? (
        <button type="button" class="xb" aria-label={r.back} onClick={() => goToStep(before)}>
          <Icon name="back" />
        </button>
      ) : (
        <a class="xb" href={`/c/${boot.county}/?lang=${boot.lang}`} aria-label={r.toMap}>
          <Icon name={step.value === 'sent' ? 'close' : 'back'} />
        </a>
      )}
      <h1>{r.title}</h1>
      {boot.facts?.is_demo && <span class="demo">{t.demo}</span>}
      <span class="grow" />
      <Saved />
      {wide.value && <Tools />}
    </header>
  );
}

function StepList() {
  const now = ORDER.indexOf(step.value);
  return (
    <nav aria-label={r.steps}>
      <ol class="steps">
        {ORDER.map((key, index) => (
          <li key={key} class={index < now ? 'ok' : ''} aria-current={index === now ? 'step' : undefined}>
            {index < now ? <Icon name="check" size="xs" /> : <b>{index + 1}</b>}
            <span>{r.stepNames[key]}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What the person should know before going on: no network, an older draft, something that waits or came back. */
function Notices() {
  const left = waiting.value.length + receipts.value.length;
  return (
    <>
      {!isOnline.value && (
        <p class="note soon" role="status">
          <Icon name="offline" size="s" />
          <span>
            <b>{t.offline}</b> {r.offlineWrite}
          </span>
        </p>
      )}
      {trouble.value && (
        <p class="note late" role="alert">
          <Icon name="alert" size="s" />
          {trouble.value.why}
        </p>
      )}
      {resumed.value && (
        <p class="note">
          <Icon name="edit" size="s" />
          <span>
            {r.resumed}{' '}
            <button type="button" class="link" onClick={() => void another()}>
              {r.startOver}
            </button>
          </span>
        </p>
      )}
      {left > 0 && (
        <p class="note" role="status">
          <Icon name="info" size="s" />
          <span>
            {r.leftHere(waiting.value.length, receipts.value.length)}{' '}
            <button type="button" class="link" onClick={() => goToStep('sent')}>
              {r.show}
            </button>
          </span>
        </p>
      )}
    </>
  );
}

const BODIES = { where: Where, what: What, contact: Contact };
const ACTS = { where: WhereActs, what: WhatActs, contact: ContactActs, sent: SentActs };

export function App() {
  const now = step.value;
  const form = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current && now !== 'sent') form.current?.focus({ preventScroll: true });
    first.current = false;
    form.current?.scrollTo(0, 0);
    form.current?.parentElement?.scrollTo(0, 0);
  }, [now]);
  const Body = now === 'sent' ? null : BODIES[now];
  const Acts = ACTS[now];
  return (
    <>
      <Top />
      {now !== 'sent' && <StepList />}
      <KeptNote />
      <main class={`rw at-${now}`}>
        {now === 'where' && !wide.value && <WhereTools />}
        <ReportMap />
        <section class="rf" ref={form} tabIndex={-1} aria-label={now === 'sent' ? r.done : r.stepNames[now]}>
          {now !== 'sent' && <Notices />}
          {now === 'where' && wide.value && <WhereTools />}
          {Body ? <Body /> : <SentStep />}
        </section>
        <Toast />
      </main>
      <footer class="ra">
        <Acts />
      </footer>
    </>
  );
}
