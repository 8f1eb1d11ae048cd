/** The further questions of a kind of matter: its JSON Schema as form fields. */

import { useId } from 'preact/hooks';
import type { Category, Question } from './types';

export type Answers = Record<string, unknown>;

/** What the fields say, from the dictionary of the page. */
interface Words {
  yes: string;
  no: string;
  choose: string;
  optional: string;
  answerNeeded: string;
  questions: (kind: string) => string;
}

interface FormProps {
  of: Category | undefined;
  answers: Answers;
  put: (answers: Answers) => void;
  words: Words;
  /** Questions whose answers are asked for now. */
  lacking?: string[];
}

interface FieldProps extends Omit<FormProps, 'of' | 'lacking'> {
  name: string;
  question: Question;
  needed: boolean;
  lacks: boolean;
}

interface ControlProps {
  id: string;
  question: Question;
  needed: boolean;
  now: unknown;
  words: Words;
  tell: (answer: unknown) => void;
}

/** Questions that need an answer and have none. */
export function unanswered(of: Category | undefined, answers: Answers): string[] {
  const { properties = {}, required = [] } = of?.attributes ?? {};
  return required.filter((name) => name in properties && answers[name] === undefined);
}

/** What one chooses from, by value and name; empty where one writes. */
function optionsOf({ type, items, enum: values = items?.enum ?? [], enumNames }: Question, { yes, no }: Words) {
  const names = enumNames ?? items?.enumNames;
  const found = values.map((value, index): [unknown, string] => [value, names?.[index] ?? String(value)]);
  return type === 'boolean' ? [[true, yes] as const, [false, no] as const] : found;
}

function Choice({ id, question, needed, now, words, tell }: ControlProps) {
  const options = optionsOf(question, words);
  return (
    <select
      id={id}
      class="inp"
      required={needed}
      value={now === undefined ? '' : String(now)}
      onChange={({ currentTarget: { value } }) => tell(options.find(([one]) => String(one) === value)?.[0])}
    >
      <option value="">{words.choose}</option>
      {options.map(([one, title]) => (
        <option key={one} value={String(one)}>
          {title}
        </option>
      ))}
    </select>
  );
}

/** Several answers at once, kept in the order of the question. */
function Checks({ question, now = [], words, tell }: ControlProps) {
  const ticked = now as unknown[];
  const options = optionsOf(question, words);
  return options.map(([one, title]) => (
    <label class="check" key={one}>
      <input
        type="checkbox"
        checked={ticked.includes(one)}
        onChange={({ currentTarget: { checked } }) =>
          tell(options.flatMap(([other]) => ((other === one ? checked : ticked.includes(other)) ? [other] : [])))
        }
      />
      {title}
    </label>
  ));
}

/** What the clock on the wall says, as the server wants it. */
const ZONE = ':00+08:00';
const INPUTS: Record<string, string> = {
  ...{ number: 'number', integer: 'number' },
  ...{ date: 'date', 'date-time': 'datetime-local' },
};

function Line({ id, question, needed, now = '', tell }: ControlProps) {
  const { type = '', format = '' } = question;
  const input = INPUTS[type] ?? INPUTS[format] ?? 'text';
  const isMoment = format === 'date-time';
  const typed = (value: string) => (input === 'number' ? Number(value) : isMoment ? value + ZONE : value);
  return (
    <input
      id={id}
      class="inp"
      type={input as 'text'}
      required={needed}
      maxLength={question.maxLength ?? 200}
      min={question.minimum}
      max={question.maximum}
      step={type === 'integer' ? 1 : undefined}
      value={String(now).replace(isMoment ? ZONE : '', '')}
      onInput={({ currentTarget: { value } }) => tell(value && typed(value))}
    />
  );
}

/** Where an answer is needed, "no" is one too, and is not what somebody has not looked at. */
const isTick = ({ type }: Question, needed: boolean) => type === 'boolean' && !needed;

function Field({ name, question, needed, lacks, answers, put, words }: FieldProps) {
  const id = useId();
  const title = question.title ?? name;
  const now = answers[name];
  const tell = (answer: unknown) => {
    const isNone = answer === '' || answer === undefined || (Array.isArray(answer) && !answer.length);
    const { [name]: _before, ...others } = answers;
    put(isNone ? others : { ...others, [name]: answer });
  };
  if (isTick(question, needed)) {
    return (
      <label class="check">
        <input type="checkbox" checked={now === true} onChange={({ currentTarget: { checked } }) => tell(checked)} />
        {title}
      </label>
    );
  }
  const isList = question.type === 'array';
  const Control = isList ? Checks : question.enum || question.type === 'boolean' ? Choice : Line;
  const [Box, Label] = isList ? (['fieldset', 'legend'] as const) : (['div', 'label'] as const);
  return (
    <Box class={lacks ? 'field bad' : 'field'}>
      <Label class="lab" {...(!isList && { for: id })}>
        {title} {!needed && <span class="hint">{words.optional}</span>}
      </Label>
      <Control id={id} question={question} needed={needed} now={now} words={words} tell={tell} />
      {question.description && <p class="hint">{question.description}</p>}
      {lacks && <p class="error">{words.answerNeeded}</p>}
    </Box>
  );
}

export function Questions({ of, lacking = [], ...form }: FormProps) {
  const { properties = {}, required = [] } = of?.attributes ?? {};
  const asked = Object.entries(properties);
  if (!asked.length) return null;
  return (
    <fieldset class="field questions">
      <legend class="lab">{form.words.questions(of?.title ?? '')}</legend>
      {asked.map(([name, question]) =>
        question.readOnly ? (
          <p key={name}>{question.title}</p>
        ) : (
          <Field
            {...form}
            key={name}
            name={name}
            question={question}
            needed={required.includes(name)}
            lacks={lacking.includes(name)}
          />
        ),
      )}
    </fieldset>
  );
}
