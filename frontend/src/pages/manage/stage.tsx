/** The stage of a project, and the moves that are open to the person: the machine's own table, as buttons. */

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Status } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { type ProjectFeature, projects } from './api';
import { TextField } from './fields';
import { createForm } from './form';
import { saves } from './list';
import type { Step } from './types';
import { m } from './words';

function MoveForm({
  step,
  loaded,
  done,
}: {
  step: Step;
  loaded: ProjectFeature;
  done: (next: ProjectFeature | null) => void;
}) {
  const form = useMemo(() => createForm({ reason: '', reason_en: '', actual_start: '', actual_end: '' }), [step.name]);
  const submit = async () => {
    const given = Object.fromEntries(step.needs.map((name) => [name, form.values.value[name as 'reason']]));
    const { reason_en } = form.values.value;
    const body = { move: step.name, version: loaded.properties.version, ...given, ...(reason_en && { reason_en }) };
    await form.run(async () => {
      const next = await projects.move(String(loaded.id), body);
      saves.value++;
      say(m.moved(step.title));
      done(next);
    });
  };
  return (
    <form
      class="card moveform"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {step.needs.includes('actual_start') && (
        <TextField form={form} name="actual_start" label={m.actualStart} type="date" required />
      )}
      {step.needs.includes('actual_end') && (
        <TextField form={form} name="actual_end" label={m.actualEnd} type="date" required />
      )}
      {step.needs.includes('reason') && (
        <>
          <TextField form={form} name="reason" label={m.reason} longest={200} required />
          <TextField form={form} name="reason_en" label={m.inEnglish(m.reason)} longest={400} />
        </>
      )}
      {form.trouble.value && (
        <p class="error" role="alert">
          {form.trouble.value}
        </p>
      )}
      <div class="acts">
        <button type="submit" class="btn pri sm" disabled={form.busy.value}>
          {m.moveDo(step.title)}
        </button>
        <button type="button" class="btn sm" onClick={() => done(null)}>
          {m.cancel}
        </button>
      </div>
    </form>
  );
}

export function Stage({ loaded, changed }: { loaded: ProjectFeature; changed: (next: ProjectFeature) => void }) {
  const picked = useSignal<Step | null>(null);
  const { line, moves, stage_note } = loaded.properties;
  return (
    <section class="stagebox" aria-label={m.stage}>
      <p class="row">
        <Status status={line.status} title={line.status_title} />
        <span>
          {m.stage}: <b>{line.stage_title}</b>
        </span>
        {stage_note && <span class="mut f13">{stage_note}</span>}
      </p>
      <div class="wrapped">
        {moves.map((step) => (
          <button
            key={step.name}
            type="button"
            class="btn sm"
            aria-expanded={picked.value?.name === step.name}
            onClick={() => {
              picked.value = step;
            }}
          >
            {m.moveTo(step.title)}
          </button>
        ))}
      </div>
      {picked.value && (
        <MoveForm
          step={picked.value}
          loaded={loaded}
          done={(next) => {
            picked.value = null;
            if (next) changed(next);
          }}
        />
      )}
    </section>
  );
}
