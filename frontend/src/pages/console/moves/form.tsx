/** The form of a move, in place of the buttons that led to it. */

import { useEffect, useRef } from 'preact/hooks';
import { time } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Mark } from '../../../core/icons/Icon';
import type { Step } from '../types';
import { c } from '../words';
import { Control } from './controls';
import { type Act, busy, closeForm, overtaken, refusal, submit, values } from './doing';
import { type Field, fieldsOf } from './fields';

const isEmpty = (value: unknown) => value === undefined || value === '' || value === null;

function FieldRow({ field }: { field: Field }) {
  const said = refusal.value?.field === field.name ? refusal.value.said : '';
  return (
    <div class={said ? 'field bad' : 'field'}>
      <Control field={field} invalid={Boolean(said)} />
      {said && (
        <p class="error" role="alert">
          {said}
        </p>
      )}
    </div>
  );
}

/** What others did while this was read. */
export function Overtaken({ steps }: { steps: Step[] }) {
  return (
    <div class="note soon" role="alert">
      <Mark name="soon" />
      <div>
        <b>{c.overtaken}</b>
        <ul>
          {steps.map(({ at, who, title }) => (
            <li key={`${at}${title}`}>
              {time(at)} {who} {title}
            </li>
          ))}
        </ul>
        <p>
          {c.overtakenHint}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              overtaken.value = null;
            }}
          >
            {c.understood}
          </button>
        </p>
      </div>
    </div>
  );
}

export function MoveForm({ act }: { act: Act }) {
  const form = useRef<HTMLFormElement>(null);
  const fields = fieldsOf(act.of, act);
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' });
    form.current?.querySelector<HTMLElement>('input:not(.sr),textarea,select,button')?.focus();
  }, [act.name]);
  useEffect(() => {
    if (!refusal.value) return; // what was refused makes the form longer: its button must not slip out of sight
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
    form.current?.scrollIntoView({ block: 'nearest' });
  }, [refusal.value]);
  const missing = fields.filter(({ name, optional }) => !optional && isEmpty(values.value[name]));
  const general = refusal.value && !fields.some(({ name }) => name === refusal.value?.field);
  return (
    <form
      class="moveform"
      ref={form}
      noValidate
      aria-label={act.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        closeForm();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing[0]) {
          refusal.value = { said: c.fillIn(missing[0].label), field: missing[0].name };
        } else void submit(act);
      }}
    >
      <h3>{act.title}</h3>
      {fields.map((field) => (
        <FieldRow key={field.name} field={field} />
      ))}
      {general && (
        <p class="note late" role="alert">
          <Mark name="late" />
          <span>{refusal.value?.said}</span>
        </p>
      )}
      <div class="dta">
        <button type="submit" class="btn pri grow" disabled={busy.value}>
          {busy.value ? c.doing : act.title}
        </button>
        <button type="button" class="btn" onClick={closeForm}>
          {t.close}
        </button>
      </div>
    </form>
  );
}
