/** Before and after the works: two pictures over each other, parted where the slider stands; on paper side by side. */

import { useSignal } from '@preact/signals';
import { date } from '../core/format';
import type { ProjectPhoto } from '../core/types';
import type { Pair } from './album';
import { Picture } from './photo';
import { p } from './words';

const label = ({ moment, taken_on }: ProjectPhoto) => `${p.moments[moment] ?? ''} ${date(taken_on)}`.trim();

function Side({ photo, side }: { photo: ProjectPhoto; side: 'before' | 'later' }) {
  return (
    <div class={side}>
      <Picture photo={photo} sizes="(min-width: 900px) 360px, 100vw" medium />
      <b>{label(photo)}</b>
    </div>
  );
}

export function PairView({ pair }: { pair: Pair }) {
  const at = useSignal(50);
  const { before, later, over } = pair;
  const name = later.project.name;
  return (
    <figure class={over ? 'pair wipe' : 'pair'}>
      <div class="two" style={{ '--at': `${at.value}%` }}>
        <Side photo={before} side="before" />
        <Side photo={later} side="later" />
        {over && (
          <input
            type="range"
            min={0}
            max={100}
            value={at.value}
            aria-label={p.compareOf(name)}
            aria-valuetext={p.compareAt(at.value)}
            onInput={(event) => {
              at.value = event.currentTarget.valueAsNumber;
            }}
          />
        )}
      </div>
      <figcaption>{over ? p.pairOver(name) : p.pairSoFar(name)}</figcaption>
    </figure>
  );
}
