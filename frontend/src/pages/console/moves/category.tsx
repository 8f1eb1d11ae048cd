/** Kinds of matters, in groups as they are kept. */

import { useEffect, useId } from 'preact/hooks';
import type { Category } from '../../../incidents/types';
import { categories, learnCategories } from '../categories';
import { c } from '../words';
import { put, values } from './doing';
import type { Field } from './fields';

/** Leaves under the first level they belong to. */
function groups(all: Category[]): [title: string, leaves: Category[]][] {
  const parents = new Set(all.map(({ parent }) => parent));
  const byCode = new Map(all.map((one) => [one.code, one]));
  const root = (one: Category): Category => {
    const above = one.parent && byCode.get(one.parent);
    return above ? root(above) : one;
  };
  const found = new Map<string, Category[]>();
  for (const one of all) {
    if (parents.has(one.code)) continue;
    const { title } = root(one);
    found.set(title, [...(found.get(title) ?? []), one]);
  }
  return [...found];
}

export function CategoryOptions() {
  return groups(categories.value).map(([title, leaves]) => (
    <optgroup key={title} label={title}>
      {leaves.map((one) => (
        <option key={one.code} value={one.code}>
          {one.title}
        </option>
      ))}
    </optgroup>
  ));
}

export function CategorySelect({ field, invalid }: { field: Field; invalid: boolean }) {
  const id = useId();
  useEffect(() => void learnCategories(), []);
  return (
    <>
      <label class="lab" for={id}>
        {field.label}
      </label>
      <select
        id={id}
        class="inp"
        aria-invalid={invalid || undefined}
        value={String(values.value[field.name] ?? '')}
        onChange={(event) => put(field.name, event.currentTarget.value)}
      >
        <option value="">{c.choose}</option>
        <CategoryOptions />
      </select>
    </>
  );
}
