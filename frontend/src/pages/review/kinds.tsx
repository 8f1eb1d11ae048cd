/** What a change is, or why it is none: chosen before the verdict. */

import type { Signal } from '@preact/signals';
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { confidence, dayIn, kind, later, note } from './hand';
import { options, reason } from './options';
import { isChoosing } from './store';
import type { Options } from './types';
import { w } from './words';

type Option = Options['reasons'][number];

export function Kinds() {
  return (
    <fieldset class="kinds">
      <legend class="sr">{w.kinds}</legend>
      {options.value?.kinds.map(({ value, title, key }) => (
        <button
          key={value}
          type="button"
          aria-pressed={kind.value === value}
          onClick={() => {
            kind.value = isChoosing.value && kind.value === value ? '' : value;
          }}
        >
          <kbd>{key}</kbd>
          {title}
        </button>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  title: string;
  /** That turns it, or goes there. */
  shortcut: string;
  children: ComponentChildren;
}

const Field = ({ title, shortcut, children }: FieldProps) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: its field is what it is given
  <label class="lab">
    <span>
      {title} <kbd class="only-d">{shortcut}</kbd>
    </span>
    {children}
  </label>
);

function Choice({ of, now, none }: { of: Option[] | undefined; now: Signal<string>; none?: string }) {
  return (
    <select
      class="inp"
      value={now.value}
      onChange={({ currentTarget: { value } }) => {
        now.value = value;
      }}
    >
      {none && <option value="">{none}</option>}
      {of?.map(({ value, title }) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  );
}

export const Reasons = () => (
  <Field title={w.reasonOf} shortcut="R">
    <Choice of={options.value?.reasons} now={reason} />
  </Field>
);

export const Confidence = () => (
  <Field title={w.confidence} shortcut="S">
    <Choice of={options.value?.confidences} now={confidence} none={w.notSaid} />
  </Field>
);

/** Enter and Escape go back to the keys; of an input method they end the word. */
const leave = ({ key, isComposing, currentTarget }: TargetedKeyboardEvent<HTMLInputElement>) => {
  if (!isComposing && (key === 'Enter' || key === 'Escape')) currentTarget.blur();
};

/** The day before which nobody is offered what is left for later. */
export const Later = () => (
  <Field title={w.laterUntil} shortcut="D">
    <input
      class="inp"
      type="date"
      min={dayIn(0)}
      max={dayIn(365)}
      value={later.value}
      onInput={({ currentTarget: { value } }) => {
        later.value = value;
      }}
      onKeyDown={leave}
    />
  </Field>
);

/** The id of the note's field, where the key M goes. */
export const NOTE = 'note';

/** Words for whoever reads the verdict. */
export const Note = () => (
  <Field title={w.note} shortcut="M">
    <input
      id={NOTE}
      class="inp"
      maxLength={200}
      value={note.value}
      onInput={({ currentTarget: { value } }) => {
        note.value = value;
      }}
      onKeyDown={leave}
    />
  </Field>
);
