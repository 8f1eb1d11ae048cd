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
  if (typeof data?.at === 'string') return momentOf(data.at);
  const said = ['reason', 'question', 'text', 'note'].map((key) => data?.[key]).find((one) => typeof one === 'string');
  return (said as string | undefined) ?? '';
}

const SECOND_MS = 1000;
const secondOf = ({ at }: Step) => Math.floor(Date.parse(at) / SECOND_MS);
const told = (step: Step) => `${step.move} ${secondOf(step)}`;

/** What a report does because its order has ended; all else that both do within one second began with the report. */
const AFTER_ORDER = ['answer', 'dismiss'];

/** The report tells of its orders as people outside hear of them; what the order tells itself, it tells better. */
function stepsOf(ofReport: Step[], ofOrder: Step[]): Step[] {
  const known = new Set(ofOrder.map(told));
  const own = ofReport.filter((step) => !known.has(told(step)));
  const after = own.filter(({ move }) => AFTER_ORDER.includes(move)).reverse();
  const before = own.filter(({ move }) => !AFTER_ORDER.includes(move)).reverse();
  return [...after, ...[...ofOrder].reverse(), ...before].sort((a, b) => secondOf(b) - secondOf(a));
}

export function History({ now: { report, order } }: { now: Case }) {
  const steps = stepsOf(report?.history ?? [], order?.history ?? []);
  const [shown, more] = useFirst(steps, FIRST);
  if (!steps.length) return null;
  return (
    <section aria-labelledby="history" class="hist">
      <h3 id="history">{c.history}</h3>
      <ol class="tl">
        {shown.map((step) => (
          <li key={`${told(step)} ${step.who ?? ''}`}>
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
