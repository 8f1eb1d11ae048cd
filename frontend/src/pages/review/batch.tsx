/** The same verdict on several: tried first, so that everybody sees what would become of each; taken back as one. */

import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon, Mark } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { review } from './api';
import { Kinds, Reasons } from './card';
import { leave, type Outcome, outcome, type Said } from './several';
import { act, chosen, isBusy, kind, options, queue, reason } from './store';
import { w } from './words';

const send = (verdict: Said, batch: string, dry_run: boolean) =>
  act(async () => {
    const said = { verdict, ...(verdict === 'change' ? { kind: kind.peek() } : { reason: reason.peek() }) };
    const rows = queue.state.peek().data?.items ?? [];
    const names = outcome.peek()?.names ?? new Map(rows.map(({ id, number }) => [id, number]));
    const { items } = await review.batch({ batch, ids: [...chosen.peek()], dry_run, ...said });
    outcome.value = { verdict, items, names, batch: dry_run ? '' : batch };
    if (!dry_run) chosen.value = new Set();
  });

const undo = (batch: string) =>
  act(async () => {
    const { items } = await review.undoBatch(batch);
    say(w.batchUndone(items.filter(({ ok }) => ok).length));
    outcome.value = null;
  });

function Outcomes({ of }: { of: Outcome }) {
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
            <span>{w.becomes(number(count), title(state))}</span>
          </li>
        ))}
        {refused.map(({ id, message }) => (
          <li key={id}>
            <Mark name="late" />
            <span>
              {of.names.get(id) ?? id}: {message}
            </span>
          </li>
        ))}
      </ul>
      <div class="wrapped">
        {of.batch ? (
          <button type="button" class="btn" onClick={() => void undo(of.batch)}>
            {w.undoBatch}
          </button>
        ) : (
          states.size > 0 && (
            <button
              type="button"
              class="btn pri"
              disabled={isBusy.value}
              onClick={() => void send(of.verdict, crypto.randomUUID(), false)}
            >
              {w.doBatch(of.items.length - refused.length)}
            </button>
          )
        )}
      </div>
    </div>
  );
}

export function Batch() {
  const count = chosen.value.size;
  const found = outcome.value;
  const tryIt = (verdict: Said) => (
    <button
      type="button"
      class="btn soft"
      disabled={!count || isBusy.value}
      onClick={() => void send(verdict, crypto.randomUUID(), true)}
    >
      {w.acts[verdict]}
    </button>
  );
  return (
    <aside class="vd" aria-label={w.several}>
      <div class="vdh row">
        <h2 class="grow">{w.chosen(number(count))}</h2>
        <button type="button" class="x" aria-label={t.close} onClick={leave}>
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.several}>
        <p class="f14 sub">{w.howToChoose}</p>
        <h3>{w.kinds}</h3>
        <Kinds />
        <Reasons />
        {isBusy.value ? <Skeleton /> : found && <Outcomes of={found} />}
      </section>
      <div class="vda">
        {tryIt('change')}
        {tryIt('no_change')}
      </div>
    </aside>
  );
}
