/** The further questions of a category: its JSON Schema as form fields. */

import { useId } from 'preact/hooks';
import type { Question } from '../../incidents/types';
import { draft, edit } from './draft';
import { chosen } from './publicity';
import { pressed } from './steps';
import { r } from './words';

type Answer = string | number | boolean | undefined;

function put(name: string, value: Answer): void {
  const attributes = { ...draft.value.attributes };
  if (value === '' || value === undefined) delete attributes[name];
  else attributes[name] = value;
  edit({ attributes });
}

/** Whether an answer that is needed is missing. */
export function unanswered(): string[] {
  const { properties = {}, required = [] } = chosen.value?.attributes ?? {};
  return required.filter((name) => name in properties && draft.value.attributes[name] === undefined);
}

interface ControlProps {
  id: string;
  name: string;
  question: Question;
  needed: boolean;
}

function Choice({ id, name, question, needed }: ControlProps) {
  const now = draft.value.attributes[name];
  return (
    <select
      id={id}
      class="inp"
      required={needed}
      value={now === undefined ? '' : String(now)}
      onChange={({ currentTarget: { value } }) =>
        put(
          name,
          question.enum?.find((one) => String(one) === value),
        )
      }
    >
      <option value="">{r.choose}</option>
      {question.enum?.map((one, index) => (
        <option key={one} value={String(one)}>
          {question.enumNames?.[index] ?? one}
        </option>
      ))}
    </select>
  );
}

function Line({ id, name, question, needed }: ControlProps) {
  const isNumber = question.type === 'number' || question.type === 'integer';
  return (
    <input
      id={id}
      class="inp"
      type={(isNumber ? 'number' : 'text') as 'text'}
      required={needed}
      maxLength={question.maxLength ?? 200}
      min={question.minimum}
      max={question.maximum}
      step={question.type === 'integer' ? 1 : undefined}
      value={String(draft.value.attributes[name] ?? '')}
      onInput={({ currentTarget: { value } }) => put(name, isNumber && value ? Number(value) : value)}
    />
  );
}

function Field({ name, question, needed }: Omit<ControlProps, 'id'>) {
  const id = useId();
  const title = question.title ?? name;
  const lacks = pressed.value && unanswered().includes(name);
  if (question.type === 'boolean') {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={draft.value.attributes[name] === true}
          onChange={({ currentTarget }) => put(name, currentTarget.checked)}
        />
        {title}
      </label>
    );
  }
  const Control = question.enum ? Choice : Line;
  return (
    <div class={lacks ? 'field bad' : 'field'}>
      <label class="lab" for={id}>
        {title} {!needed && <span class="hint">{r.optional}</span>}
      </label>
      <Control id={id} name={name} question={question} needed={needed} />
      {question.description && <p class="hint">{question.description}</p>}
      {lacks && <p class="error">{r.answerNeeded}</p>}
    </div>
  );
}

export function Questions() {
  const { properties = {}, required = [] } = chosen.value?.attributes ?? {};
  const names = Object.keys(properties);
  if (!names.length) return null;
  return (
    <fieldset class="field questions">
      <legend class="lab">{r.questions(chosen.value?.title ?? '')}</legend>
      {names.map((name) => (
        <Field key={name} name={name} question={properties[name] ?? {}} needed={required.includes(name)} />
      ))}
    </fieldset>
  );
}
