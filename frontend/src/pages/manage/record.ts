/** One row on the screen: its form, the version that was read, and what to do when somebody else saved in between. */

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { say } from '../../core/ui/toast';
import { attempt, createForm, type Form, type Values } from './form';
import { saves } from './list';
import { m } from './words';

/** How a field is called, and how a value of it is shown. */
export type Words = Record<string, string | [label: string, show: (value: unknown) => string]>;

export interface Row {
  id: number;
}

interface Kept<T, V extends Values> {
  /** What was read; null for a new row. */
  loaded: T | null;
  empty: V;
  valuesOf(row: T): V;
  get(): Promise<T>;
  /** Sends what was changed of `read`; null for a new row. */
  write(form: Form<V>, read: T | null): Promise<T>;
  /** What is on the server now is on the screen. */
  taken(row: T): void;
  words(): Words;
}

export interface Difference {
  label: string;
  theirs: string;
  /** What was typed here into the same field; null when nothing was. */
  mine: string | null;
}

export interface ConflictWork {
  look(): void;
  keepMine(): void;
  takeTheirs(): void;
  /** Null until somebody looked. */
  differences: Difference[] | null;
}

const plain = (value: unknown): string => (Array.isArray(value) ? value.join('、') : String(value ?? '')) || '—';
const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);

function differencesOf(read: Values, now: Values, mine: Values, words: Words): Difference[] {
  const changed = Object.entries(words).filter(([name]) => differs(read[name], now[name]));
  return changed.map(([name, word]) => {
    const [label, show] = typeof word === 'string' ? [word, plain] : word;
    return { label, theirs: show(now[name]), mine: name in mine ? show(mine[name]) : null };
  });
}

export function useRecord<T extends Row, V extends Values>(kept: Kept<T, V>) {
  const { loaded, valuesOf } = kept;
  const form = useMemo(() => createForm(loaded ? valuesOf(loaded) : kept.empty), []);
  const read = useRef(loaded);
  const theirs = useSignal<T | null>(null);
  useEffect(() => {
    // Another part of the screen has written (a stage, a photo): the version is new, what is typed here stays.
    if (!loaded || loaded === read.current) return;
    read.current = loaded;
    form.rebase(valuesOf(loaded));
  }, [loaded]);
  const take = (row: T) => {
    read.current = row;
    theirs.value = null;
    saves.value++;
    kept.taken(row);
  };
  const save = async () => {
    const next = await kept.write(form, read.current);
    form.reset(valuesOf(next));
    take(next);
  };
  const keepMine = () =>
    attempt(async () => {
      const now = await kept.get();
      read.current = now;
      form.rebase(valuesOf(now));
      if (await form.run(save)) say(m.saved);
    });
  const takeTheirs = () =>
    attempt(async () => {
      const now = await kept.get();
      form.reset(valuesOf(now));
      take(now);
    });
  const look = () =>
    attempt(async () => {
      theirs.value = await kept.get();
    });
  const shown =
    theirs.value &&
    read.current &&
    differencesOf(valuesOf(read.current), valuesOf(theirs.value), form.changes(), kept.words());
  const conflict: ConflictWork = {
    look: () => void look(),
    keepMine: () => void keepMine(),
    takeTheirs: () => void takeTheirs(),
    differences: shown,
  };
  return { form, save, conflict, read: () => read.current };
}
