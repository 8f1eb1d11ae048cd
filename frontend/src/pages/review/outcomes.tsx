/** What would become of several points, or has: done as it was shown, and taken back as one. */

import { number } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { options } from './options';
import type { Outcome } from './several';
import { isBusy } from './store';
import { w } from './words';

interface Props {
  of: Outcome;
  act: () => void;
  undo: (batch: string) => void;
}

export function Outcomes({ of, act, undo }: Props) {
  const states = new Map<string, number>();
  for (const { ok, state } of of.items) if (ok) states.set(state, (states.get(state) ?? 0) + 1);
  const refused = of.items.filter(({ ok }) => !ok);
  const title = (state: string) => options.value?.states.find(({ value }) => value === state)?.title ?? state;
  return (
    <div class="outcome" role="status">
      <h3>{of.batch ? w.batchDone : w.batchWould(w.acts[of.verdict])}</h3>
      <ul class="why">
        {[...states].map(([state, count]) => (
          <li key={state}>
            <Mark name="done" />
            <span>{state ? w.becomes(number(count), title(state)) : w.decided(number(count))}</span>
          </li>
        ))}
        {refused.map(({ id, message }) => (
          <li key={id}>
            <Mark name="late" />
            <span>{w.late(of.names.get(id) ?? String(id), message)}</span>
          </li>
        ))}
      </ul>
      <div class="wrapped">
        {of.batch ? (
          <button type="button" class="btn" onClick={() => undo(of.batch)}>
            {w.undoBatch}
          </button>
        ) : (
          states.size > 0 && (
            <button type="button" class="btn pri" disabled={isBusy.value} onClick={act}>
              {w.doBatch(of.items.length - refused.length)}
            </button>
          )
        )}
      </div>
    </div>
  );
}
