/** The same verdict on several: tried first, so that everybody sees what would become of each; taken back as one. */

import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { Together } from './grouping';
import { Kinds, Reasons } from './kinds';
import { Outcomes } from './outcomes';
import { type Asked, done, leave, outcome, type Said, takenBack, tried } from './several';
import { chosen, isBusy, kind, queue } from './store';
import { w } from './words';

const asked = (verdict: Said): Asked => ({
  of: { ids: [...chosen.peek()] },
  verdict,
  kind: kind.peek(),
  points: queue.state.peek().data?.items ?? [],
});

const none = () => {
  chosen.value = new Set();
};

export function Batch() {
  const count = chosen.value.size;
  const found = outcome.value;
  const tryIt = (verdict: Said) => (
    <button type="button" class="btn soft" disabled={!count || isBusy.value} onClick={() => void tried(asked(verdict))}>
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
        {isBusy.value ? (
          <Skeleton />
        ) : (
          found && <Outcomes of={found} act={() => void done(asked(found.verdict), none)} undo={takenBack} />
        )}
        <Together />
      </section>
      <div class="vda">
        {tryIt('change')}
        {tryIt('no_change')}
      </div>
    </aside>
  );
}
