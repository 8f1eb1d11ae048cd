/** The frame of one row: loads it, titles the screen, joins its form with the server. All subjects stand in it. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { Editor, EditorHead } from './editor';
import type { Form, Values } from './form';
import { type Row, useRecord, type Words } from './record';
import { rememberVillage } from './start-area';
import { m } from './words';

/** What differs from subject to subject. */
export interface Subject<T extends Row, V extends Values> {
  /** First part of the address, "projects". */
  path: string;
  title: string;
  newTitle: string;
  calls: {
    get(id: string): Promise<T>;
    create(body: object): Promise<T>;
    update(id: string, body: object): Promise<T>;
  };
  empty: V;
  valuesOf(row: T): V;
  nameOf(row: T): string;
  /** What is sent; `read` is the row that was changed, null for a new one. */
  bodyOf(form: Form<V>, read: T | null): object;
  words(): Words;
  /** Code of the village it lies in, where new rows begin next time. */
  villageOf?(row: T): string | null | undefined;
  /** What the public map selects to show the row, "facilities:12". */
  shownAs?(row: T): string;
}

/** A row on the screen, null while it is new; and how the parts of the screen change it. */
export interface Held<T> {
  loaded: T | null;
  changed(next: T): void;
  reload(): Promise<void>;
}

function useHeld<T extends Row, V extends Values>(id: string, { calls, title, villageOf }: Subject<T, V>) {
  const loaded = useSignal<T | null>(null);
  const trouble = useSignal('');
  const reload = async () => {
    try {
      loaded.value = await calls.get(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const why = error.message || t.failed(title);
      // What stands on the screen stays there: something may be typed into it.
      if (loaded.value) say(why);
      else trouble.value = why;
    }
  };
  useEffect(() => {
    if (id !== 'new') void reload();
  }, [id]);
  useEffect(() => {
    if (loaded.value) rememberVillage(villageOf?.(loaded.value));
  }, [loaded.value]);
  const changed = (next: T) => {
    loaded.value = next;
  };
  return { held: { loaded: loaded.value, changed, reload }, trouble: trouble.value };
}

export function RowScreen<T extends Row, V extends Values>({
  id,
  subject,
  children,
}: {
  id: string;
  subject: Subject<T, V>;
  children: (held: Held<T>) => ComponentChildren;
}) {
  const { held, trouble } = useHeld(id, subject);
  const { loaded } = held;
  if (trouble) return <p class="note late">{trouble}</p>;
  if (id !== 'new' && !loaded) return <Skeleton />;
  return (
    <>
      <EditorHead title={loaded ? subject.nameOf(loaded) : subject.newTitle} back={subject.path}>
        {loaded && subject.shownAs && (
          <a class="link f14" href={`/c/${boot.county}/?sel=${subject.shownAs(loaded)}`}>
            {m.publicMap}
          </a>
        )}
      </EditorHead>
      {children(held)}
    </>
  );
}

/** The form of one row, with the version that was read and the conflict when somebody else was faster. */
export function RowForm<T extends Row, V extends Values>({
  subject,
  held: { loaded, changed },
  extra,
  children,
}: {
  subject: Subject<T, V>;
  held: Held<T>;
  extra?: (form: Form<V>, read: () => T | null) => ComponentChildren;
  children: (form: Form<V>) => ComponentChildren;
}) {
  const { calls, path, bodyOf } = subject;
  const id = String(loaded?.id ?? '');
  const { form, save, conflict, read } = useRecord<T, V>({
    ...subject,
    loaded,
    get: () => calls.get(id),
    write: (of, from) => (loaded ? calls.update(id, bodyOf(of, from)) : calls.create(bodyOf(of, from))),
    taken(next) {
      if (loaded) changed(next);
      else openScreen(`${path}/${next.id}`);
    },
  });
  return (
    <Editor form={form} isNew={!loaded} save={save} conflict={conflict} extra={loaded && extra?.(form, read)}>
      {children(form)}
    </Editor>
  );
}
