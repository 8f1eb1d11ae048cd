/** Everything that happened to the report and its order, newest first. */

import { useFirst } from '../../../core/ui/first';
import { Facts } from '../../../core/ui/Status';
import type { Case } from '../store';
import { momentOf } from '../times';
import type { Step } from '../types';
import { c } from '../words';

const FIRST = 6;

/** The words that somebody gave with a step. */
function noteOf({ note, data }: Step): string {
  if (note) return note;
  const said = ['reason', 'question', 'text', 'note'].map((key) => data?.[key]).find((one) => typeof one === 'string');
  return (said as string | undefined) ?? '';
}

export function History({ now: { report, order } }: { now: Case }) {
  const steps = [
    ...(report?.history ?? []).map((step) => ({ ...step, key: `r${step.number}` })),
    ...(order?.history ?? []).map((step) => ({ ...step, key: `o${step.number}` })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const [shown, more] = useFirst(steps, FIRST);
  if (!steps.length) return null;
  return (
    <section aria-labelledby="history" class="hist">
      <h3 id="history">{c.history}</h3>
      <ol class="tl">
        {shown.map((step) => (
          <li key={step.key}>
            <i class="bead" aria-hidden="true" />
            <span>
              <b>{step.title}</b>
              <span class="d">
                <Facts of={[momentOf(step.at), step.who]} />
              </span>
              {noteOf(step) && <span class="d told">{noteOf(step)}</span>}
            </span>
          </li>
        ))}
      </ol>
      {more}
    </section>
  );
}
