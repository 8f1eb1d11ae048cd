/** A call at the desk: taken down while somebody speaks; the place is put on the map. */

import { signal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { Icon, Mark } from '../../core/icons/Icon';
import type { SearchResult } from '../../core/types';
import { openView } from '../../core/url';
import { newKey } from '../../incidents/api';
import { type Answers, Questions } from '../../incidents/questions';
import type { Confidence } from '../../incidents/types';
import { desk } from './api';
import { categories } from './categories';
import { asking, mapView, pin } from './map';
import { CategorySelect } from './moves/category';
import { put, values } from './moves/doing';
import { FileField } from './moves/files';
import { PlaceSearch } from './places';
import { openNumber, refresh, seesOrders } from './store';
import type { LonLat } from './types';
import { c } from './words';

const busy = signal(false);
const trouble = signal<{ said: string; field: string } | null>(null);
const taken = signal<{ number: string; code: string } | null>(null);

/** Of this call: sent again after a lost answer, it is still one report. */
let key = newKey();

const word = (name: string) => String(values.value[name] ?? '');

function Line({ name, label, mode, longest = 400 }: { name: string; label: string; mode?: 'tel'; longest?: number }) {
  const id = useId();
  const said = trouble.value?.field === name ? trouble.value.said : '';
  return (
    <div class={said ? 'field bad' : 'field'}>
      <label class="lab" for={id}>
        {label}
      </label>
      <input
        id={id}
        inputMode={mode}
        class="inp"
        maxLength={longest}
        value={word(name)}
        onInput={(event) => put(name, event.currentTarget.value)}
      />
      {said && <p class="error">{said}</p>}
    </div>
  );
}

function place(at: LonLat): void {
  pin.value = at;
}

const NEAR = 16;

/** The map goes where the caller says; the pin waits for the spot. */
function goTo({ title, lon, lat }: SearchResult): void {
  if (lon === null || lat === null) return;
  mapView.value?.goTo(lon, lat, NEAR);
  if (!word('address')) put('address', title);
}

function Where() {
  const at = pin.value;
  return (
    <fieldset class="placefield field">
      <legend class="lab">{c.callWhere}</legend>
      <PlaceSearch label={c.callPlace} pick={goTo} />
      <p class="hint" role="status">
        {at ? c.placed(at[0].toFixed(5), at[1].toFixed(5)) : c.pressMap}
      </p>
      <button
        type="button"
        class="btn sm"
        onClick={() => {
          const middle = mapView.value?.middle();
          if (middle) place([middle.lon, middle.lat]);
        }}
      >
        <Icon name="target" size="s" />
        {c.byMiddle}
      </button>
    </fieldset>
  );
}

/** Answers belong to the kind they were asked for: another kind begins with none. */
const answersTo = (kind: string) => `answers to ${kind}`;
const answers = () => (values.value[answersTo(word('category'))] ?? {}) as Answers;

/** What the kind asks; nobody can make a caller answer, so nothing is insisted on. */
function Further() {
  const kind = word('category');
  return (
    <Questions
      of={categories.value.find(({ code }) => code === kind)}
      answers={answers()}
      put={(given) => put(answersTo(kind), given)}
      words={c}
    />
  );
}

const confidence = () => (word('confidence') || 'named') as Confidence;

/** Who the caller is, and who else may know. */
function Who() {
  const id = useId();
  return (
    <>
      <div class="field">
        <label class="lab" for={id}>
          {c.callWho}
        </label>
        <select
          id={id}
          class="inp"
          value={confidence()}
          onChange={({ currentTarget: { value } }) => put('confidence', value)}
        >
          {Object.entries(c.callKinds).map(([kind, [title]]) => (
            <option key={kind} value={kind}>
              {title}
            </option>
          ))}
        </select>
        <p class="hint">{c.callKinds[confidence()][1]}</p>
      </div>
      {confidence() !== 'anonymous' && (
        <>
          <Line name="name" label={c.callName} longest={40} />
          <Line name="phone" label={c.callPhone} mode="tel" longest={30} />
        </>
      )}
    </>
  );
}

function body([lon, lat]: LonLat): object {
  const isKnown = confidence() !== 'anonymous' && Boolean(word('name') || word('phone'));
  return {
    ...{ lon, lat, text: word('text'), address: word('address'), category: word('category') },
    ...{ photos: values.peek().photos ?? [], attributes: answers(), confidence: confidence() },
    ...(isKnown && { contact: { name: word('name'), phone: word('phone'), email: '' } }),
  };
}

async function send(): Promise<void> {
  const at = pin.peek();
  if (!at) {
    trouble.value = { said: c.callNoPlace, field: 'lonlat' };
    return;
  }
  busy.value = true;
  trouble.value = null;
  try {
    taken.value = await desk.create(key, body(at));
    refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409) key = newKey();
    trouble.value = { said: error.offline ? c.notDoneOffline : error.message, field: error.field };
  } finally {
    busy.value = false;
  }
}

function Receipt({ number, code }: { number: string; code: string }) {
  return (
    <div class="dtb">
      <p class="note done" role="status">
        <Mark name="done" />
        <span>{c.callTaken(number)}</span>
      </p>
      <p>{c.callCode}</p>
      <p class="bigcode">{code}</p>
      <button type="button" class="btn pri block" onClick={() => void openNumber(number)}>
        {c.callOpen}
      </button>
    </div>
  );
}

function Form() {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const said = trouble.value;
  return (
    <form
      class="dtb"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class={said?.field === 'text' ? 'field bad' : 'field'}>
        <label class="lab" for={id}>
          {c.callText}
        </label>
        <textarea
          id={id}
          ref={box}
          class="inp"
          rows={4}
          maxLength={4000}
          value={word('text')}
          onInput={(event) => put('text', event.currentTarget.value)}
        />
      </div>
      <Where />
      <Line name="address" label={c.callAddress} />
      <div class="field">
        <CategorySelect field={{ name: 'category', kind: 'category', label: c.f.category }} invalid={false} />
      </div>
      <Further />
      <div class="field">
        <FileField field={{ name: 'photos', kind: 'tokens', label: c.photos }} />
      </div>
      <Who />
      {said && (
        <p class="note late" role="alert">
          <Mark name="late" />
          <span>{said.said}</span>
        </p>
      )}
      <button type="submit" class="btn pri block" disabled={busy.value}>
        {busy.value ? c.doing : c.callSend}
      </button>
    </form>
  );
}

export const callTitle = (): string => (seesOrders ? c.newCall : c.onBehalf);

export function CallForm() {
  useEffect(() => {
    values.value = {};
    key = newKey();
    taken.value = null;
    trouble.value = null;
    asking.value = place;
    return () => {
      asking.value = null;
      pin.value = null;
    };
  }, []);
  return (
    <aside class="dt card" aria-label={callTitle()}>
      <div class="dth row">
        <h2 class="grow">{callTitle()}</h2>
        <button type="button" class="x" aria-label={t.close} onClick={() => openView('')}>
          <Icon name="close" size="s" />
        </button>
      </div>
      {taken.value ? <Receipt {...taken.value} /> : <Form />}
    </aside>
  );
}
