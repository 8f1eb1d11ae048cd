/** What a rule would have done with the past: figures, where else things went, and cases to look at. */

import { date, moment, number } from '../../../core/format';
import { Figure } from '../../../core/ui/Figure';
import { Facts, Status } from '../../../core/ui/Status';
import { openCase } from '../store';
import { c } from '../words';
import type { DryRun, Tally } from './store';
import { d } from './words';

/** Groups that a line names; the others are few each. */
const MOST = 4;

function Tallies({ title, of, nobody }: { title: string; of: Tally[]; nobody: string }) {
  if (!of.length) return null;
  const named = of.slice(0, MOST).map(({ name, n }) => d.tally(name || nobody, number(n)));
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {named.join(c.and)}
        {of.length > MOST && ' …'}
      </dd>
    </div>
  );
}

function Agreement({ agrees }: { agrees: boolean | null }) {
  if (agrees === null) return <Status status="work" title={d.notFinished} />;
  return agrees ? <Status status="done" title={d.agrees} /> : <Status status="late" title={d.differs} />;
}

function Examples({ of }: { of: DryRun['examples'] }) {
  if (!of.length) return null;
  return (
    <>
      <h4>{d.examples}</h4>
      <ul class="lines">
        {of.map((one) => (
          <li key={one.order}>
            <button type="button" class="row" onClick={() => openCase(one.order, 'order')}>
              <span class="grow">
                <b>{one.title}</b>
                <span class="sub f13">
                  <Facts of={[d.really(one.really || d.nobody), d.would(one.would || d.nobody)]} />
                </span>
              </span>
              <Agreement agrees={one.agrees} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Tried({ run, open }: { run: DryRun; open: boolean }) {
  const since = run.since && date(run.since);
  const said = d.summary(number(run.takes), number(run.finished), number(run.same_unit));
  return (
    <details class="tried" open={open}>
      <summary>{said}</summary>
      <p class="f13 sub">
        <Facts of={[d.ranAt(moment(new Date(run.at).getTime())), d.history(number(run.orders), since)]} />
      </p>
      <div class="kpi">
        <Figure count={run.fits} title={d.fit} />
        <Figure count={run.takes} title={d.takes} />
        <Figure count={run.same_unit} title={d.same} />
      </div>
      {run.fits === 0 && <p class="f14">{d.nothingFits}</p>}
      <dl class="facts">
        <Tallies title={d.elsewhere} of={run.other_units} nobody={d.nobody} />
        <Tallies title={d.earlier} of={run.earlier} nobody={d.byHand} />
        <Tallies title={d.takenFrom} of={run.taken_from} nobody={d.byHand} />
      </dl>
      {run.no_unit > 0 && <p class="f14">{d.noUnit(number(run.no_unit))}</p>}
      <Examples of={run.examples} />
    </details>
  );
}
