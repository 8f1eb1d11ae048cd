/** Third step: how to reach the person, if at all, and what of it others learn. */

import { useId } from 'preact/hooks';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { Confidence } from '../../incidents/types';
import { draft, edit } from './draft';
import { chosen, placePromise } from './publicity';
import { submit, submitting, trouble } from './send';
import { goToStep } from './steps';
import { r } from './words';

const KINDS: Confidence[] = ['named', 'confidential', 'anonymous'];

function Kind({ kind }: { kind: Confidence }) {
  const [title, hint] = r.kinds[kind];
  return (
    <label class="kind">
      <input
        type="radio"
        name="confidence"
        checked={draft.value.confidence === kind}
        onChange={() => edit({ confidence: kind })}
      />
      <span>
        <b>{title}</b>
        <span class="d">{hint}</span>
      </span>
    </label>
  );
}

function Line({
  name,
  label,
  type,
  complete,
  longest,
}: {
  name: 'name' | 'phone' | 'email';
  label: string;
  type: 'text' | 'tel' | 'email';
  complete: string;
  longest: number;
}) {
  const id = useId();
  const lacks = trouble.value?.field.includes(name);
  return (
    <div class={lacks ? 'field bad' : 'field'}>
      <label class="lab" for={id}>
        {label} <span class="hint">{r.optional}</span>
      </label>
      <input
        id={id}
        class="inp"
        type={type as 'text'}
        maxLength={longest}
        autocomplete={complete as 'name'}
        value={draft.value[name]}
        onInput={({ currentTarget: { value } }) => edit({ [name]: value })}
      />
      {lacks && <p class="error">{trouble.value?.why}</p>}
    </div>
  );
}

function Publicity() {
  const isHidden = draft.value.confidence === 'confidential' || chosen.value?.is_sensitive;
  return (
    <section class="open" aria-label={r.publicity}>
      {isHidden ? <Hidden /> : <Shown />}
      <div>
        <h2 class="row">
          <Icon name="user" size="s" />
          {r.isPrivate}
        </h2>
        <ul>
          {r.privateParts.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Hidden() {
  return (
    <div>
      <h2 class="row">
        <Icon name="user" size="s" />
        {r.notPublic}
      </h2>
      <p>{r.notPublicHint}</p>
    </div>
  );
}

function Shown() {
  return (
    <div>
      <h2 class="row">
        <Icon name="globe" size="s" />
        {r.isPublic}
      </h2>
      <ul>
        {[...r.publicParts, placePromise()].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

export function Contact() {
  const isAnonymous = draft.value.confidence === 'anonymous';
  return (
    <>
      <fieldset class="field">
        <legend class="lab">{r.who}</legend>
        <div class="kinds">
          {KINDS.map((kind) => (
            <Kind key={kind} kind={kind} />
          ))}
        </div>
      </fieldset>
      {isAnonymous ? (
        <p class="note">
          <Icon name="info" size="s" />
          {r.anonymousHint}
        </p>
      ) : (
        <div class="contact">
          <Line name="phone" label={r.phone} type="tel" complete="tel" longest={30} />
          <Line name="name" label={r.name} type="text" complete="name" longest={40} />
          <Line name="email" label={r.email} type="email" complete="email" longest={120} />
          <p class="hint">{r.contactHint}</p>
        </div>
      )}
      <Publicity />
    </>
  );
}

export function ContactActs() {
  return (
    <>
      <button type="button" class="btn" onClick={() => goToStep('what')}>
        {r.previous}
      </button>
      <button type="button" class="btn pri grow" disabled={submitting.value} onClick={() => void submit()}>
        {submitting.value ? t.loading : r.submit}
      </button>
    </>
  );
}
