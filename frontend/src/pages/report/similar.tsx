/** Open reports nearby that may be the same: "me too" instead of one more. */

import { effect, signal } from '@preact/signals';
import { ApiError, isAbort } from '../../core/api';
import { date, distance } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { Facts, Status } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { incidents } from '../../incidents/api';
import type { Similar } from '../../incidents/types';
import { lookOf } from '../../layers/report-status';
import { draft, edit } from './draft';
import { r } from './words';

const ASK_AFTER_MS = 700;
const LEAST = 4;
const SHOWN = 3;

const found = signal<Similar[]>([]);
/** Those the person has not yet said to be something else. */
export const similar = signal<Similar[]>([]);
export const joined = signal<Similar | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

const pairs = (text: string) => new Set([...text.slice(1)].map((sign, index) => text[index] + sign));

/** Nearby is not enough: the same kind, or at least two pairs of signs that both have. */
function isAlike({ category, title }: Similar): boolean {
  if (category === draft.value.category) return true;
  const mine = pairs(draft.value.text);
  return [...pairs(title)].filter((pair) => mine.has(pair)).length > 1;
}

effect(() => {
  const { others } = draft.value;
  similar.value = found.value.filter((one) => !others.includes(one.number) && isAlike(one)).slice(0, SHOWN);
});

async function ask(): Promise<void> {
  const { spot, text, category } = draft.value;
  if (!spot) return;
  asking?.abort();
  asking = new AbortController();
  try {
    found.value = (await incidents.similar(spot.lon, spot.lat, text.trim(), category, asking.signal)).items;
  } catch (error) {
    if (isAbort(error)) return;
    if (!(error instanceof ApiError)) throw error; // a duplicate is found by the desk, too
    found.value = [];
  }
}

/** Place, text or category changed. */
export function somethingChanged(): void {
  clearTimeout(timer);
  if (draft.value.spot && draft.value.text.trim().length >= LEAST) timer = setTimeout(() => void ask(), ASK_AFTER_MS);
  else found.value = [];
}

async function join(one: Similar): Promise<void> {
  try {
    await incidents.follow(one.number);
    joined.value = one;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? r.joinOffline : error.message);
  }
}

function Row({ one }: { one: Similar }) {
  return (
    <li class="li">
      <p class="t">{one.title}</p>
      <p class="d">
        <Facts
          of={[
            r.away(distance(one.distance_m)),
            date(one.submitted_on),
            one.followers > 0 && r.followers(one.followers),
          ]}
        />
      </p>
      <p class="row wrap">
        <Status status={lookOf(one.status)} title={one.status_title} />
        <button type="button" class="btn soft sm" onClick={() => void join(one)}>
          {r.meToo}
          <span class="sr">{one.title}</span>
        </button>
      </p>
    </li>
  );
}

export function SimilarBox() {
  const rows = similar.value;
  return (
    <section class={rows.length ? 'sim' : ''} aria-live="polite" aria-label={r.similar}>
      {rows.length > 0 && (
        <>
          <h2 class="row">
            <Icon name="users" size="s" />
            {r.similar}
          </h2>
          <ul>
            {rows.map((one) => (
              <Row key={one.number} one={one} />
            ))}
          </ul>
          <button
            type="button"
            class="btn sm"
            onClick={() => edit({ others: [...draft.value.others, ...rows.map(({ number }) => number)] })}
          >
            {r.notTheSame}
          </button>
        </>
      )}
    </section>
  );
}
