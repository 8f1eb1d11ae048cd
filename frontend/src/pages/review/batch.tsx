/** The same verdict on several: tried first, so that everybody sees what would become of each; taken back as one. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Skeleton } from '../../core/ui/Notes';
import { Together } from './grouping';
import { kind } from './hand';
import { Kinds, Reasons } from './kinds';
import { Outcomes } from './outcomes';
import { asked, done, leave, outcome, type Said, takenBack, tried } from './several';
import { chosen, isBusy, shownRows } from './store';
import { w } from './words';

const tryAll = (verdict: Said) =>
  void tried(asked({ ids: [...chosen.peek()] }, verdict, shownRows.peek(), kind.peek()));

const none = () => {
  chosen.value = new Set();
};

/** Several cases: nothing is said of them together but what they are a part of. */
export function SeveralCases() {
  return (
    <Several>
      <Together />
    </Several>
  );
}

function Several({ children, below }: { children: ComponentChildren; below?: ComponentChildren }) {
  return (
    <aside class="vd" aria-label={w.several}>
      <div class="vdh row">
        <h2 class="grow" tabIndex={-1}>
          {w.chosen(number(chosen.value.size))}
        </h2>
        <button type="button" class="x" aria-label={t.close} onClick={leave}>
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.several}>
        <p class="f14 sub">
          {wide.value ? w.howToChoose : w.howToPick} {below && w.firstSee}
        </p>
        {children}
      </section>
      {below}
    </aside>
  );
}

export function Batch() {
  const count = chosen.value.size;
  const found = outcome.value;
  const below = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (found) below.current?.scrollIntoView({ block: 'nearest' }); // a phone shows the kinds above it, and no more
  }, [found, isBusy.value]);
  const tryIt = (verdict: Said) => (
    <button type="button" class="btn soft" disabled={!count || isBusy.value} onClick={() => tryAll(verdict)}>
      {w.acts[verdict]}
    </button>
  );
  return (
    <Several
      below={
        <div class="vda">
          {tryIt('change')}
          {tryIt('no_change')}
        </div>
      }
    >
      <h3>{w.kindsAll}</h3>
      <Kinds />
      <Reasons />
      <div ref={below}>
        {isBusy.value ? (
          <Skeleton />
        ) : (
          found && <Outcomes of={found} act={() => void done(found, none)} undo={takenBack} />
        )}
      </div>
      <Together />
    </Several>
  );
}
