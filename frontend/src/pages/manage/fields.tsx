/** Native controls with a label, a hint and the server's sentence when a value was refused. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Form, Values } from './form';
import { m } from './words';

interface FieldProps<V extends Values> {
  form: Form<V>;
  name: keyof V & string;
  label: string;
  hint?: string;
  required?: boolean;
  /** Never shown to the public. */
  hidden?: boolean;
}

interface Wired {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
  required: boolean | undefined;
  disabled: boolean;
}

/** Label above, control, then what is wrong or the hint. */
function Framed<V extends Values>({
  form,
  name,
  label,
  hint,
  required,
  hidden,
  control,
}: FieldProps<V> & { control: (wired: Wired) => ComponentChildren }) {
  const id = useId();
  const error = form.errors.value[name];
  const told = error ?? hint;
  return (
    <div class={error ? 'field bad' : 'field'}>
      <label for={id}>
        {label} {required && <span class="need">{m.required}</span>}{' '}
        {hidden && <span class="need">{m.privateField}</span>}
      </label>
      {control({
        id,
        'aria-describedby': told ? `${id}-told` : undefined,
        'aria-invalid': error ? true : undefined,
        required,
        disabled: form.busy.value,
      })}
      {told && (
        <p id={`${id}-told`} class={error ? 'error' : 'hint'}>
          {told}
        </p>
      )}
    </div>
  );
}

type InputKind = 'text' | 'tel' | 'number' | 'date' | 'month';

export function TextField<V extends Values>(
  props: FieldProps<V> & { type?: InputKind; longest?: number; step?: string; autoComplete?: string },
) {
  const { form, name, type = 'text', longest, step } = props;
  return (
    <Framed
      {...props}
      control={(wired) => (
        <input
          {...wired}
          class="inp"
          type={type as 'text'}
          step={step}
          maxLength={longest}
          autocomplete="off"
          value={String(form.values.value[name] ?? '')}
          onInput={(event) => form.set(name, event.currentTarget.value as V[typeof name])}
        />
      )}
    />
  );
}

export function AreaField<V extends Values>(props: FieldProps<V> & { rows?: number; longest?: number }) {
  const { form, name, rows = 4, longest } = props;
  return (
    <Framed
      {...props}
      control={(wired) => (
        <textarea
          {...wired}
          class="inp"
          rows={rows}
          maxLength={longest}
          value={String(form.values.value[name] ?? '')}
          onInput={(event) => form.set(name, event.currentTarget.value as V[typeof name])}
        />
      )}
    />
  );
}

export interface Option {
  key: string;
  title: string;
  group?: string;
}

/** What a choice is called. */
export const titleOf = (options: Option[], key: unknown): string =>
  options.find((option) => option.key === key)?.title ?? String(key ?? '');

export function Options({ of, empty }: { of: Option[]; empty?: string }) {
  const groups = [...new Set(of.map(({ group }) => group ?? ''))];
  const plain = (options: Option[]) =>
    options.map(({ key, title }) => (
      <option key={key} value={key}>
        {title}
      </option>
    ));
  return (
    <>
      {empty !== undefined && <option value="">{empty}</option>}
      {groups.length < 2
        ? plain(of)
        : groups.map((group) => (
            <optgroup key={group} label={group}>
              {plain(of.filter((option) => (option.group ?? '') === group))}
            </optgroup>
          ))}
    </>
  );
}

export function SelectField<V extends Values>(props: FieldProps<V> & { options: Option[]; empty?: string }) {
  const { form, name, options, empty } = props;
  return (
    <Framed
      {...props}
      control={(wired) => (
        <select
          {...wired}
          class="inp"
          value={String(form.values.value[name] ?? '')}
          onChange={(event) => form.set(name, event.currentTarget.value as V[typeof name])}
        >
          <Options of={options} {...(empty !== undefined && { empty })} />
        </select>
      )}
    />
  );
}

export function CheckField<V extends Values>({ form, name, label, hint }: FieldProps<V>) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={Boolean(form.values.value[name])}
        disabled={form.busy.value}
        aria-describedby={hint ? `${id}-told` : undefined}
        onChange={(event) => form.set(name, event.currentTarget.checked as V[typeof name])}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-told`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function Fieldset({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
