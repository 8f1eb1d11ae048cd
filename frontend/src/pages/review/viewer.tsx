/** The two scenes of the open point: swiped, blinked, side by side, or their difference. */

import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { compare, listed, setCompare, setListed } from '../../core/url';
import { Compare } from '../../map/later/compare';
import { MapFrame } from '../../map/later/frame';
import type { MapView } from '../../map/view';
import { aroundOf, bboxOf, chipsOf, pairOf, ringsOf } from './api';
import { isoDay } from './hand';
import { Lasso } from './lasso';
import { laid, lay, layGroup } from './lines';
import { Mosaic } from './mosaic';
import { ahead, detail, isChoosing, open, overlays } from './store';
import type { Card, SceneBrief } from './types';
import { w } from './words';

const LOOKS = ['swipe', 'blink', 'side', 'index'] as const;
export type Shown = (typeof LOOKS)[number];

/** A point and what is around it, as a part of the window. */
const DEEPEST = 18;

const view = signal<MapView | null>(null);
const scenes = signal<Compare | null>(null);
const isBefore = signal(false);

/** The point that is shown as the newest scene has it, instead of its own later one: whether it is still there. */
const isLatestOf = signal(0);
/** The newest scene of the open point, where that is newer than its own. */
export const newest = computed(() => {
  const { data } = detail.state.value;
  return data?.card.id === open.value?.id ? data?.latest : null;
});
const latest = computed(() => (isLatestOf.value === open.value?.id ? newest.value : null));
const sceneAfter = (point: Card) => latest.value ?? point.after;

export function turnLatest(): void {
  const id = open.peek()?.id ?? 0;
  if (detail.state.peek().data?.card.id === id && !newest.peek()) say(w.noLatest);
  isLatestOf.value = isLatestOf.peek() === id ? 0 : id;
}

/** Whether both scenes have the bands of the index. */
const hasIndex = (point: Card | null) =>
  !point || [point.before, sceneAfter(point)].every(({ looks }) => looks.includes('ndvi'));

const looks = (): Shown[] => LOOKS.filter((key) => key !== 'index' || hasIndex(open.value));
const chosen = computed(() => looks().find((key) => key === listed.in.value) ?? 'swipe');
export const shown = (): Shown => chosen.value;
/** Share of the width that belongs to the earlier scene, 0…100. */
const share = (): number => {
  const at = Number.parseFloat(compare.value);
  return at >= 0 ? Math.min(100, at) : 50;
};

export function look(next: Shown): void {
  setListed('in', next === 'swipe' ? '' : next);
}

export function turnLook(): void {
  const all = looks();
  look(all[(all.indexOf(shown()) + 1) % all.length] ?? 'swipe');
}

/** The space bar: the other scene, whatever was shown. */
export function blink(): void {
  if (shown() !== 'blink') look('blink');
  isBefore.value = scenes.peek()?.blink() ?? false;
}

export function nudge(by: number): void {
  setCompare(String(Math.min(100, Math.max(0, share() + by))), 'replaceState');
}

export function whole(): void {
  const point = open.peek();
  if (point) view.peek()?.fit(aroundOf(point), { most: DEEPEST, whole: true });
}

/** Another point is shown from the beginning; a later answer about the same one moves nothing. */
function followPoint(made: MapView, both: Compare): () => void {
  let last = 0;
  let over = 0;
  return effect(() => {
    const point = isChoosing.value ? null : open.value;
    const id = point?.id ?? 0;
    const scene = latest.value;
    if (id === last && (scene?.id ?? 0) === over) return;
    both.show(point && pairOf(point, scene));
    isBefore.value = false;
    if (point && id !== last) made.fit(aroundOf(point), { animate: false, most: DEEPEST, whole: true });
    last = id;
    over = scene?.id ?? 0;
  });
}

/** What is to be shown, for as long as the map is there. */
const follow = (made: MapView, both: Compare) => [
  followPoint(made, both),
  effect(() => {
    const now = shown();
    both.set(now === 'side' ? 'swipe' : now, share() / 100);
    isBefore.value = false;
  }),
  effect(() => both.setOutline(overlays.value.has('outline'))),
  lay(made),
  layGroup(made),
];

/** The whole date, also of this year: what a verdict rests on is read years later (2026-09-10, the county's time). */
export const dayOf = ({ acquired_at: at }: SceneBrief) => at && isoDay(at);

export const called = (scene: SceneBrief) => `${scene.sensor} ${w.metre(number(scene.gsd_m))}`;

/** The later scene; where there is a newer one, it can be chosen instead. */
function After({ point }: { point: Card }) {
  const other = newest.value;
  if (!other) return <Tag side="after" scene={point.after} />;
  return (
    <select class="tagb after" aria-label={w.later} value={latest.value ? 1 : 0} onChange={turnLatest}>
      {[point.after, other].map((scene, at) => (
        <option key={scene.id} value={at}>
          {at ? w.latest : w.after} {dayOf(scene)} {called(scene)}
        </option>
      ))}
    </select>
  );
}

function Tag({ side, scene }: { side: 'before' | 'after'; scene: SceneBrief }) {
  return (
    <span class={`tagb ${side}`}>
      <b>
        {w[side]} {dayOf(scene)}
      </b>{' '}
      {called(scene)}
    </span>
  );
}

/** What one side shows; where its scene has no data, that it shows nothing. */
function Told({ point, side }: { point: Card; side: 'before' | 'after' }) {
  const isBlank = point.blank.includes(side) && !(side === 'after' && latest.value);
  return (
    <>
      {side === 'after' ? <After point={point} /> : <Tag side={side} scene={point.before} />}
      {isBlank && <p class={`tagb none ${side}`}>{point.blank_note}</p>}
    </>
  );
}

function Swipe() {
  return (
    <>
      <label class="knob">
        <span class="sr">{w.swipeAt}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={share()}
          onInput={(event) => {
            const at = Number(event.currentTarget.value);
            scenes.value?.set(shown() === 'index' ? 'index' : 'swipe', at / 100);
            event.currentTarget.parentElement?.parentElement?.style.setProperty('--at', `${at}%`);
          }}
          onChange={(event) => setCompare(event.currentTarget.value, 'replaceState')}
        />
      </label>
      <i class="cut" />
      <span class="hand" aria-hidden="true">
        <Icon name="back" size="s" />
        <Icon name="next" size="s" />
      </span>
    </>
  );
}

/** What the colours of the index say. */
function Ramp() {
  return (
    <p class="tagb ramp">
      <b>NDVI</b> {w.ndvi[0]} <i /> {w.ndvi[1]}
    </p>
  );
}

/** Share of its picture below which a point is shown larger than the whole picture would be. */
const NEAR = 0.4;

/** Both small pictures beside each other, with the outline on each; of the newest scene, its tiles. */
function Side({ point }: { point: Card }) {
  const newer = latest.value;
  const { before, after, box: chip } = chipsOf(point);
  const around = chip ?? bboxOf(point);
  const [west, south, east, north] = around;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const box = `0 0 ${(east - west) * squeeze} ${north - south}`;
  const drawn = (rings: number[][][], looks: string[]) =>
    rings
      .map((ring) => ring.map(([x = 0, y = 0]) => `${(x - west) * squeeze},${north - y}`).join(' '))
      .flatMap((points) =>
        looks.map((look) => (
          <polygon key={look + points} class={look} points={points} vector-effect="non-scaling-stroke" />
        )),
      );
  // A small point fills the window; what is cut off is at the edges, the point lies in the middle.
  const xs = ringsOf(point).flatMap((ring) => ring.map(([x = 0]) => x));
  const isNear = Math.max(...xs) - Math.min(...xs) < NEAR * (east - west);
  const fit = { viewBox: box, preserveAspectRatio: `xMidYMid ${isNear ? 'slice' : 'meet'}` };
  return (
    <div class={isNear ? 'pairs near' : 'pairs'}>
      {(
        [
          [before, 'before'],
          [after, 'after'],
        ] as const
      ).map(([picture, side]) => (
        <figure key={side}>
          {picture && !(side === 'after' && newer) && <img src={picture} alt="" />}
          <svg class="sketch lines" aria-hidden="true" {...fit}>
            {side === 'after' && newer && <Mosaic scene={newer} box={around} squeeze={squeeze} />}
            {laid.value.flatMap(({ key, kind, rings }) => drawn(rings, ['casing', `${key} ${kind}`]))}
          </svg>
          <svg class="sketch outline" aria-hidden="true" {...fit}>
            {overlays.value.has('outline') && drawn(ringsOf(point), ['casing', ''])}
          </svg>
          <figcaption>
            <Told point={point} side={side} />
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

function Looks() {
  return (
    <fieldset class="seg">
      <legend class="sr">{w.compare}</legend>
      {looks().map((key) => (
        <button
          key={key}
          type="button"
          aria-pressed={shown() === key}
          onClick={() => (key === 'blink' && shown() === key ? blink() : look(key))}
        >
          {w.looks[key]}
          {key === 'blink' && <kbd class="only-d">{w.space}</kbd>}
        </button>
      ))}
      <kbd class="only-d">V</kbd>
    </fieldset>
  );
}

let following: (() => void)[] = [];

function ready(made: MapView): void {
  const both = new Compare(made.map);
  scenes.value = both;
  following = follow(made, both);
}

function leave(): void {
  for (const stop of following) stop();
  following = [];
  view.value = scenes.value = null;
}

/** That there is no base map below the scenes is no news here; what becomes of verdicts is. */
const HOOKS = { baseFailed: () => undefined };

export function Viewer() {
  useEffect(() => leave, []);
  const several = isChoosing.value && view.value;
  const point = several ? null : open.value;
  const now = shown();
  return (
    <section class="cmp" aria-label={w.compare}>
      <div class="cmph">
        {!isChoosing.value && <Looks />}
        <span class="grow" />
        {!isChoosing.value && ahead.value.length > 0 && (
          <span class="f13 sub only-d">{w.ahead(ahead.value.length)}</span>
        )}
      </div>
      <div class={`view ${now}`} style={{ '--at': `${share()}%` }}>
        <MapFrame
          view={view}
          label={w.view}
          insets={{ top: 24, bottom: 24, left: 16, right: 16 }}
          hooks={HOOKS}
          ready={ready}
          tool={{ icon: 'target', label: w.whole, press: whole }}
        >
          {point && now === 'side' && <Side point={point} />}
          {point && now !== 'side' && (
            <>
              {(now !== 'blink' || isBefore.value) && <Told point={point} side="before" />}
              {(now !== 'blink' || !isBefore.value) && <Told point={point} side="after" />}
              {now !== 'blink' && <Swipe />}
              {now === 'index' && <Ramp />}
            </>
          )}
          {several && <Lasso view={several} />}
        </MapFrame>
      </div>
    </section>
  );
}
