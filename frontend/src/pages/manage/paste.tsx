/** Progress pasted from a sheet: first what would happen, then all of it or nothing. */

import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { month as monthName, number } from '../../core/format';
import { say } from '../../core/ui/toast';
import { projects } from './api';
import { AreaField } from './fields';
import { createForm, track } from './form';
import { saves } from './list';
import type { Sheet, SheetLine } from './types';
import { m } from './words';

const value = (amount: number | null) => (amount === null ? '' : number(amount));

function Verdict({ line }: { line: SheetLine }) {
  const tone =
    line.verdict === 'error' ? 'late' : line.verdict === 'change' ? 'soon' : line.verdict === 'new' ? 'done' : '';
  return (
    <tr>
      <th scope="row">{line.number}</th>
      <td>
        <span class={`status ${tone}`}>{m.verdicts[line.verdict]}</span>
      </td>
      <td>{line.month && monthName(line.month, true)}</td>
      <td>{line.place_name}</td>
      <td class="num" data-name={m.planned}>
        {value(line.planned)}
      </td>
      <td class="num" data-name={m.actual}>
        {value(line.actual)}
      </td>
      <td>
        {line.messages.map((said) => (
          <span key={said.code} class={said.is_error ? 'error' : 'hint'}>
            {said.text}{' '}
          </span>
        ))}
        {line.verdict === 'error' && <code class="mut">{line.text}</code>}
      </td>
    </tr>
  );
}

function Preview({ sheet }: { sheet: Sheet }) {
  return (
    <section class="scrolly" aria-label={m.pastePreview}>
      <table>
        <thead>
          <tr>
            <th scope="col">{m.line}</th>
            <th scope="col">{m.status}</th>
            <th scope="col">{m.month}</th>
            <th scope="col">{m.place}</th>
            <th scope="col">{m.planned}</th>
            <th scope="col">{m.actual}</th>
            <th scope="col">{m.note}</th>
          </tr>
        </thead>
        <tbody>
          {sheet.lines.map((line) => (
            <Verdict key={line.number} line={line} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Paste({ id, stored }: { id: string; stored: () => Promise<void> }) {
  const form = useMemo(() => createForm({ text: '' }), [id]);
  useEffect(() => track(form), [form]);
  const looked = useSignal<{ text: string; sheet: Sheet } | null>(null);
  // A preview speaks of the text that was looked at; a changed text has to be looked at again.
  const sheet = looked.value?.text === form.values.value.text ? looked.value.sheet : null;
  const check = () =>
    form.run(async () => {
      const { text } = form.values.value;
      looked.value = { text, sheet: await projects.paste(id, text, true) };
    });
  const store = () =>
    form.run(async () => {
      await projects.paste(id, form.values.value.text, false, sheet?.basis);
      say(m.pasteStored);
      saves.value++;
      looked.value = null;
      form.reset({ text: '' });
      await stored();
    });
  const rows = (sheet?.counts.new ?? 0) + (sheet?.counts.change ?? 0);
  return (
    <details class="paste">
      <summary>{m.paste}</summary>
      <AreaField form={form} name="text" label={m.pasteHere} hint={m.pasteHelp} rows={6} />
      {form.trouble.value && (
        <p class="error" role="alert">
          {form.trouble.value}
        </p>
      )}
      {sheet && <Preview sheet={sheet} />}
      {sheet && !sheet.is_clean && (
        <p class="note late" role="alert">
          {m.pasteDirty}
        </p>
      )}
      <div class="acts">
        <button
          type="button"
          class="btn sm"
          disabled={form.busy.value || !form.values.value.text.trim()}
          onClick={() => void check()}
        >
          {m.pastePreview}
        </button>
        {sheet?.is_clean && rows > 0 && (
          <button type="button" class="btn pri sm" disabled={form.busy.value} onClick={() => void store()}>
            {m.pasteStore(rows)}
          </button>
        )}
      </div>
    </details>
  );
}
