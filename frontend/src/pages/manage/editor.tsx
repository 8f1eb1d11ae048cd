/** The frame of every form: title, trouble, conflict, and the act bar in the lowest 80 pixels of a phone. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon, Mark } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { anyDirty, type Form, focusFirstError, track } from './form';
import { m } from './words';

/** Goes to another screen, unless something would be lost and the person wants to stay. */
export function leaveTo(next: string): void {
  if (anyDirty() && !confirm(m.leaveSure)) return;
  openScreen(next);
}

export function EditorHead({ title, back, children }: { title: string; back: string; children?: ComponentChildren }) {
  return (
    <div class="edithead">
      <button type="button" class="x only-p" aria-label={m.back} onClick={() => leaveTo(back)}>
        <Icon name="back" size="s" />
      </button>
      <h2 class="grow" tabIndex={-1} id="edit-title">
        {title}
      </h2>
      {children}
    </div>
  );
}

interface Theirs {
  /** Fields that differ, with their value now. */
  differences: { label: string; value: string }[];
}

function Conflict({ look, mine, theirs }: { look: () => void; mine: () => void; theirs: Theirs | null }) {
  return (
    <div class="note soon trouble" role="alert" tabIndex={-1}>
      <Icon name="users" size="s" />
      <div>
        <b>{m.conflict}</b>
        <p>{m.conflictWhy}</p>
        {theirs && (
          <dl class="theirs" aria-label={m.conflictTheirs}>
            {theirs.differences.map(({ label, value }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value || '—'}</dd>
              </div>
            ))}
          </dl>
        )}
        <div class="acts">
          <button type="button" class="btn sm" onClick={look}>
            {m.seeTheirs}
          </button>
          <button type="button" class="btn sm" onClick={mine}>
            {m.keepMine}
          </button>
        </div>
      </div>
    </div>
  );
}

interface EditorProps<V extends Record<string, unknown>> {
  form: Form<V>;
  isNew: boolean;
  /** Writes; throws what the server refused. */
  save: () => Promise<unknown>;
  conflict: { look: () => void; mine: () => void; theirs: Theirs | null };
  children: ComponentChildren;
  extra?: ComponentChildren;
}

export function Editor<V extends Record<string, unknown>>({
  form,
  isNew,
  save,
  conflict,
  children,
  extra,
}: EditorProps<V>) {
  useEffect(() => track(form as never), [form]);
  const submit = async () => {
    if (await form.run(save)) say(isNew ? m.made : m.saved);
    else focusFirstError();
  };
  const bad = Object.keys(form.errors.value).length;
  return (
    <form
      class="editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {form.conflict.value && <Conflict {...conflict} />}
      {form.trouble.value && !form.conflict.value && (
        <p class="note late trouble" role="alert" tabIndex={-1}>
          <Mark name="late" />
          <span>
            <b>{m.notSaved}</b> {bad ? m.fixFirst(bad) : form.trouble.value}
          </span>
        </p>
      )}
      {children}
      <div class="actbar">
        <button type="submit" class="btn pri grow" disabled={form.busy.value}>
          {form.busy.value ? m.saving : isNew ? m.create : m.save}
        </button>
        {extra}
        <span class="mut f13" role="status">
          {form.dirty.value && !form.busy.value ? m.unsaved : ''}
        </span>
      </div>
    </form>
  );
}

/** Labels and values of the fields in which what is on the server differs from what was read. */
export function differences(
  read: Record<string, unknown>,
  now: Record<string, unknown>,
  labels: Record<string, string>,
): Theirs {
  const changed = Object.keys(labels).filter((name) => JSON.stringify(read[name]) !== JSON.stringify(now[name]));
  return { differences: changed.map((name) => ({ label: labels[name] ?? name, value: String(now[name] ?? '') })) };
}
