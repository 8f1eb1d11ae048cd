/** The frame of every form: title, trouble, conflict, and the act bar in the lowest 80 pixels of a phone. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon, Mark } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { say } from '../../core/ui/toast';
import { askBeforeBack, openScreen, screen } from '../../core/url';
import { anyDirty, type Form, focusFirstError, track } from './form';
import type { ConflictWork } from './record';
import { m } from './words';

/** Goes to another screen, unless something would be lost and the person wants to stay. */
export function leaveTo(next: string): void {
  if (next !== screen.value && mayLeave()) openScreen(next);
}

const mayLeave = (): boolean => !anyDirty() || confirm(m.leaveSure);
askBeforeBack(mayLeave);

export function EditorHead({ title, back, children }: { title: string; back: string; children?: ComponentChildren }) {
  // Beside the list the list's own title is the page's; on a phone there is only this one.
  const Title = wide.value ? 'h2' : 'h1';
  return (
    <div class="edithead">
      <button type="button" class="x only-p" aria-label={m.back} onClick={() => leaveTo(back)}>
        <Icon name="back" size="s" />
      </button>
      <Title class="grow" tabIndex={-1} id="edit-title">
        {title}
      </Title>
      {children}
    </div>
  );
}

function Conflict({ look, keepMine, takeTheirs, differences }: ConflictWork) {
  return (
    <div class="note soon trouble" role="alert" tabIndex={-1}>
      <Icon name="users" size="s" />
      <div class="grow">
        <b>{m.conflict}</b>
        <p>{m.conflictWhy}</p>
        {differences && (
          <dl class="theirs" aria-label={m.conflictTheirs}>
            {differences.map(({ label, theirs, mine }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  {m.theirValue(theirs)}
                  {mine !== null && <span class="sub">{m.myValue(mine)}</span>}
                </dd>
              </div>
            ))}
          </dl>
        )}
        <div class="acts">
          {!differences && (
            <button type="button" class="btn sm" onClick={look}>
              {m.seeTheirs}
            </button>
          )}
          <button type="button" class="btn sm" onClick={keepMine}>
            {m.keepMine}
          </button>
          {differences && (
            <button type="button" class="btn sm" onClick={takeTheirs}>
              {m.takeTheirs}
            </button>
          )}
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
  conflict: ConflictWork;
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
  useEffect(() => track(form), [form]);
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
