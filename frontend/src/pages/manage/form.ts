/** The state of one form: what is typed, what the server refused, and whether leaving would lose something. */

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { say } from '../../core/ui/toast';
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
  /** Takes `values` as saved by somebody else, and keeps what was typed here. */
  rebase(values: V): void;
  /** The values that differ from those saved. */
  changes(): Partial<V>;
  /** Runs a write; false when it was refused, and then the form says why. */
  run(act: () => Promise<unknown>): Promise<boolean>;
}

/** Something on the screen that would be lost by leaving. */
export interface Guarded {
  dirty: ReadonlySignal<boolean>;
}

const open = new Set<Guarded>();

export const anyDirty = (): boolean => [...open].some(({ dirty }) => dirty.value);

/** Lets leaving ask first while `one` is on the screen; the answer takes it off again. */
export function track(one: Guarded): () => void {
  open.add(one);
  return () => void open.delete(one);
}

addEventListener('beforeunload', (event) => {
  if (anyDirty()) event.preventDefault();
});

/** The server speaks of the position as a whole; the form has two inputs for it. */
const INPUT_OF: Record<string, string> = { geometry: 'lon', coordinates: 'lon', lonlat: 'lon' };

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

function inputOf({ field }: ApiError): string {
  const last = field.split('.').pop() ?? '';
  return INPUT_OF[last] ?? last;
}

function without(errors: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).filter(([other]) => other !== name));
}

type State<V extends Values> = Pick<Form<V>, 'values' | 'errors' | 'trouble' | 'conflict' | 'busy'>;

function refuse<V extends Values>({ values, errors, trouble, conflict }: State<V>, error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  conflict.value = error.code === 'version_conflict';
  const field = inputOf(error);
  if (field in values.value) errors.value = { [field]: `${error.message} ${error.hint}`.trim() };
  trouble.value = error.offline ? m.offlineNotSaved : error.message || t.failed(m.save);
}

async function run<V extends Values>(state: State<V>, act: () => Promise<unknown>): Promise<boolean> {
  if (state.busy.value) return false;
  state.busy.value = true;
  calm(state);
  try {
    await act();
    return true;
  } catch (error) {
    refuse(state, error);
    return false;
  } finally {
    state.busy.value = false;
  }
}

function calm<V extends Values>({ errors, trouble, conflict }: State<V>): void {
  errors.value = {};
  trouble.value = '';
  conflict.value = false;
}

export function createForm<V extends Values>(initial: V): Form<V> {
  const saved = signal(initial);
  const values = signal(initial);
  const errors = signal<Record<string, string>>({});
  const state: State<V> = { values, errors, trouble: signal(''), conflict: signal(false), busy: signal(false) };
  const changes = () => {
    const changed = Object.entries(values.value).filter(([name, value]) => !same(value, saved.value[name]));
    return Object.fromEntries(changed) as Partial<V>;
  };
  return {
    ...state,
    dirty: computed(() => !same(values.value, saved.value)),
    set(name, value) {
      values.value = { ...values.value, [name]: value };
      if (name in errors.value) errors.value = without(errors.value, name);
    },
    reset(next) {
      saved.value = next;
      values.value = next;
      calm(state);
    },
    rebase(next) {
      values.value = { ...next, ...changes() };
      saved.value = next;
    },
    changes,
    run: (act) => run(state, act),
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

/** Runs a write that belongs to no form; a refusal is said. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? m.offlineNotSaved : `${m.notSaved}: ${error.message}`);
    return false;
  }
}
