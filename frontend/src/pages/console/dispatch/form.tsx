/** The form of a rule; of one in force it asks for the name only, as the server does. */

import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { categoryTitle } from '../categories';
import { CategoryOptions } from '../moves/category';
import { PlaceSearch } from '../places';
import { options } from '../store';
import { c } from '../words';
import { Field, Refused } from './refused';
import { busy, editing, NEW, type Rule, type RuleFields, ruleKey, save, trouble } from './store';
import { d } from './words';

interface Draft {
  title: string;
  categories: string[];
  /** The category that the list stands on: meant as well, though it is none of the chips yet. */
  next: string;
  at: Rule['at'];
  words: string;
  byCrew: boolean;
  unit: number | null;
  skill: string;
}

type Of = { draft: Signal<Draft>; of: string };

const FIELDS = ['title', 'categories', 'places', 'words', 'unit', 'skill'];
const BETWEEN = /[、，,；;\n]+/;

const categoriesOf = ({ categories, next }: Draft) => (next ? [...new Set([...categories, next])] : categories);

const begun = (rule: Rule | null): Draft => ({
  title: rule?.title ?? '',
  categories: rule?.categories ?? [],
  next: '',
  at: rule?.at ?? [],
  words: rule?.words.join(c.and) ?? '',
  byCrew: Boolean(rule?.skill),
  unit: rule?.unit?.id ?? null,
  skill: rule?.skill ?? '',
});

function fieldsOf(draft: Draft): RuleFields {
  const words = draft.words.split(BETWEEN).map((word) => word.trim());
  return {
    title: draft.title,
    categories: categoriesOf(draft),
    places: draft.at.map(({ code }) => code),
    words: words.filter(Boolean),
    unit: draft.unit,
    skill: draft.byCrew ? draft.skill : '',
  };
}

function put(draft: Signal<Draft>, change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
}

interface ChosenProps {
  of: { key: string; title: string }[];
  drop: (key: string) => void;
}

/** What was chosen, each with its way out. */
function Chosen({ of, drop }: ChosenProps) {
  if (!of.length) return null;
  return (
    <ul class="wrapped chosen">
      {of.map(({ key, title }) => (
        <li key={key}>
          <button type="button" class="chip line" aria-label={d.drop(title)} onClick={() => drop(key)}>
            {title}
            <Icon name="close" size="xs" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Arrow keys change a closed list, so only the button makes a chip of what it stands on. */
function Categories({ draft, of }: Of) {
  const id = useId();
  const chosen = draft.value.categories;
  return (
    <Field of={of} name="categories">
      <label class="lab" for={id}>
        {d.category} <span class="hint">{d.empty}</span>
      </label>
      <Chosen
        of={chosen.map((key) => ({ key, title: categoryTitle(key) }))}
        drop={(key) => put(draft, { categories: chosen.filter((one) => one !== key) })}
      />
      <div class="row">
        <select
          id={id}
          class="inp"
          value={draft.value.next}
          onChange={({ currentTarget: { value } }) => put(draft, { next: value })}
        >
          <option value="">{c.choose}</option>
          <CategoryOptions />
        </select>
        <button
          type="button"
          class="x"
          aria-label={d.addCategory}
          onClick={() => put(draft, { categories: categoriesOf(draft.value), next: '' })}
        >
          <Icon name="plus" />
        </button>
      </div>
    </Field>
  );
}

function Places({ draft, of }: Of) {
  const { at } = draft.value;
  return (
    <Field of={of} name="places">
      <Chosen
        of={at.map(({ code, name }) => ({ key: code, title: name }))}
        drop={(key) => put(draft, { at: at.filter(({ code }) => code !== key) })}
      />
      <PlaceSearch
        label={d.place}
        hint={d.empty}
        pick={({ id, title }) =>
          put(draft, { at: [...at.filter(({ code }) => code !== id), { code: id, name: title }] })
        }
      />
    </Field>
  );
}

interface LineProps extends Of {
  name: 'title' | 'words';
  label: string;
  hint: string;
  longest?: number;
}

function Line({ draft, of, name, label, hint, longest }: LineProps) {
  const id = useId();
  return (
    <Field of={of} name={name}>
      <label class="lab" for={id}>
        {label} <span class="hint">{hint}</span>
      </label>
      <input
        id={id}
        class="inp"
        maxLength={longest}
        value={draft.value[name]}
        onInput={({ currentTarget: { value } }) => put(draft, { [name]: value })}
      />
    </Field>
  );
}

function How({ draft }: { draft: Signal<Draft> }) {
  const id = useId();
  const choice = (byCrew: boolean, title: string) => (
    <label class="check">
      <input type="radio" name={id} checked={draft.value.byCrew === byCrew} onChange={() => put(draft, { byCrew })} />
      {title}
    </label>
  );
  return (
    <fieldset class="field checks">
      <legend class="lab">{d.how}</legend>
      {choice(false, d.toUnit)}
      {choice(true, d.toCrew)}
    </fieldset>
  );
}

function Skill({ draft, of }: Of) {
  const id = useId();
  return (
    <Field of={of} name="skill">
      <label class="lab" for={id}>
        {d.skill} <span class="hint">{d.skillHint}</span>
      </label>
      <select
        id={id}
        class="inp"
        value={draft.value.skill}
        onChange={({ currentTarget: { value } }) => put(draft, { skill: value })}
      >
        <option value="">{c.choose}</option>
        {options.value?.skills.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Unit({ draft, of }: Of) {
  const id = useId();
  const { byCrew, unit } = draft.value;
  return (
    <Field of={of} name="unit">
      <label class="lab" for={id}>
        {byCrew ? d.ofUnit : d.unit}
      </label>
      <select
        id={id}
        class="inp"
        value={unit ?? ''}
        onChange={({ currentTarget: { value } }) => put(draft, { unit: value ? Number(value) : null })}
      >
        <option value="">{byCrew ? d.anyUnit : d.government}</option>
        {options.value?.units.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function RuleForm({ rule }: { rule: Rule | null }) {
  const draft = useSignal(begun(rule));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const opener = document.activeElement as HTMLElement;
    form.current?.querySelector('input')?.focus();
    return () => {
      const at = document.activeElement; // the body: what had the focus could not be pressed while it was saved
      if (at === document.body || form.current?.contains(at)) opener.focus();
    };
  }, []);
  const of = ruleKey(rule?.id ?? NEW);
  const own = { draft, of };
  const close = () => {
    editing.value = '';
  };
  return (
    <form
      class="moveform"
      ref={form}
      noValidate
      aria-label={rule ? d.of(d.change, rule.title) : d.newRule}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const now = draft.value;
        const missing = now.title.trim() ? now.byCrew && !now.skill && !rule?.is_active && 'skill' : 'title';
        if (missing) trouble.value = { of, said: c.fillIn(d[missing]), field: missing };
        else void save(rule, rule?.is_active ? { title: now.title } : fieldsOf(now));
      }}
    >
      <Line {...own} name="title" label={d.title} hint={d.titleHint} longest={80} />
      {rule?.is_active ? (
        <p class="note soon">{d.onlyTitle}</p>
      ) : (
        <>
          <Categories {...own} />
          <Places {...own} />
          <Line {...own} name="words" label={d.wordsLabel} hint={d.wordsHint} />
          <How draft={draft} />
          {draft.value.byCrew && <Skill {...own} />}
          <Unit {...own} />
        </>
      )}
      <Refused of={of} fields={FIELDS} />
      <div class="dta">
        <button type="submit" class="btn pri grow" disabled={busy.value !== ''}>
          {busy.value === `save ${of}` ? c.doing : d.save}
        </button>
        <button type="button" class="btn" onClick={close}>
          {t.close}
        </button>
      </div>
    </form>
  );
}
