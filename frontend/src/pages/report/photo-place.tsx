/** The place that a photo itself names is offered as that of the report; nothing is asked or moved before a "yes". */

import { signal } from '@preact/signals';
import { boot } from '../../core/boot';
import { distance } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { factsOf, type PhotoPlace as Place } from '../../incidents/exif';
import { distance as metresBetween } from '../../map/later/geodesy';
import { draft } from './draft';
import { takePosition } from './place';
import { r } from './words';

/** Nearer than this, phone and pin mean the same place: positions of phones are good to 10 to 30 m in a village. */
const SAME_PLACE_M = 30;

const offered = signal<(Place & { away: number }) | null>(null);
/** The draft that was asked about: once is enough, however many photos follow. */
let asked = '';

const isHere = ({ lon, lat }: Place): boolean => {
  const [west, south, east, north] = boot.facts?.bbox ?? [0, 0, 0, 0];
  return lon >= west && lon <= east && lat >= south && lat <= north;
};

/** Looks at new photos of the draft; the first that knows its place is the one. */
export async function lookAt(files: File[]): Promise<void> {
  const { key } = draft.value;
  for (const file of files) {
    if (asked === key) return;
    const { place: at } = await factsOf(file);
    const { spot } = draft.value;
    if (!at || !spot || draft.value.key !== key || !isHere(at)) continue;
    asked = key;
    const away = metresBetween([at.lon, at.lat], [spot.lon, spot.lat]);
    if (away > SAME_PLACE_M) offered.value = { ...at, away };
  }
}

const drop = () => {
  offered.value = null;
};

async function use(at: Place): Promise<void> {
  drop();
  if (!(await takePosition(at))) say(r.outsideHint);
}

export function PhotoPlace() {
  const at = offered.value;
  if (!at || asked !== draft.value.key) return null;
  return (
    <section class="sim" role="status">
      <h2 class="row">
        <Icon name="pin" size="s" />
        {r.photoPlace}
      </h2>
      <p class="f14">{r.photoPlaceAway(distance(at.away))}</p>
      <p class="wrapped">
        <button type="button" class="btn soft sm" onClick={() => void use(at)}>
          {r.photoPlaceYes}
        </button>
        <button type="button" class="btn sm" onClick={drop}>
          {r.photoPlaceNo}
        </button>
      </p>
    </section>
  );
}
