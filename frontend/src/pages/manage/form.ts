/** The state of one form: what is typed, what the server refused, and whether leaving would lose something. */

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { m } from './words';

export type Values = Record<string, unknown>;

export interface Form<V extends Values> {
  values: Signal<V>;
  /** Sentences by field name, as the server (or the page) said them. */
  errors: Signal<Record<string, string>>;
  /** A sentence about the whole form; empty when there is none. */
  trouble: Signal<string>;
  /** Somebody else saved in between. */
  conflict: Signal<boolean>;
  busy: Signal<boolean>;
  dirty: ReadonlySignal<boolean>;
  set<K extends keyof V & string>(name: K, value: V[K]): void;
  /** Takes `values` as saved. */
  reset(values: V): void;
  /** The values that differ from those saved. */
  changes(): Partial<V>;
  /** Runs a write; false when it was refused, and then the form says why. */
  run(act: () => Promise<unknown>): Promise<boolean>;
}

/** Forms on the screen, so that leaving can ask first. */
const open = new Set<Form<never>>();

export const anyDirty = (): boolean => [...open].some((form) => form.dirty.value);

export function track(form: Form<never>): () => void {
  open.add(form);
  return () => open.delete(form);
}

addEventListener('beforeunload', (event) => {
  if (anyDirty()) event.preventDefault();
});

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

export function createForm<V extends Values>(initial: V): Form<V> {
  const saved = signal(initial);
  const values = signal(initial);
  const errors = signal<Record<string, string>>({});
  const trouble = signal('');
  const conflict = signal(false);
  const busy = signal(false);

  const refuse = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    conflict.value = error.code === 'version_conflict';
    const field = error.field.split('.').pop() ?? '';
    if (field in values.value) errors.value = { [field]: `${error.message} ${error.hint}`.trim() };
    trouble.value = error.offline ? m.offlineNotSaved : error.message || t.failed(m.save);
  };

  return {
    values,
    errors,
    trouble,
    conflict,
    busy,
    dirty: computed(() => !same(values.value, saved.value)),
    set(name, value) {
      values.value = { ...values.value, [name]: value };
      if (name in errors.value) {
        const { [name]: _gone, ...rest } = errors.value;
        errors.value = rest;
      }
    },
    reset(next) {
      saved.value = next;
      values.value = next;
      errors.value = {};
      trouble.value = '';
      conflict.value = false;
    },
    changes() {
      const changed = Object.entries(values.value).filter(([name, value]) => !same(value, saved.value[name]));
      return Object.fromEntries(changed) as Partial<V>;
    },
    async run(act) {
      if (busy.value) return false;
      busy.value = true;
      errors.value = {};
      trouble.value = '';
      conflict.value = false;
      try {
        await act();
        return true;
      } catch (error) {
        refuse(error);
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

/** Moves the keyboard to the first input the form complains about. */
export function focusFirstError(): void {
  requestAnimationFrame(() => {
    const input = document.querySelector<HTMLElement>('[aria-invalid="true"], .trouble');
    input?.focus();
    input?.scrollIntoView({ block: 'center' });
  });
}
