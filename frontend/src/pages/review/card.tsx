/** The card beside the pictures: why the point is here, what it is, and what the reader says of it. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { boot } from '../../core/boot';
import { moment, number } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Facts, Status } from '../../core/ui/Status';
import { GroupLine } from './group';
import { LAYER_KEYS, VERDICT_KEYS } from './keys';
import { Confidence, Kinds, Later, Note, Reasons } from './kinds';
import { detail, judge, open, overlays, skip, toggleOverlay, undo, until } from './store';
import type { Card as Point, Verdict } from './types';
import { newest } from './viewer';
import { w } from './words';

/** Marks of why a point is where it is in the queue: raises it, lowers it, or only says. */
const WEIGHT: Record<string, string> = { up: 'late', down: 'pause', note: 'even' };

/** Minutes and seconds until the lease ends. */
function Held({ until }: { until: string }) {
  const left = useSignal(0);
  useEffect(() => {
    const count = () => {
      left.value = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [until]);
  const seconds = left.value;
  if (!seconds) return <span class="mut f13">{w.heldOver}</span>;
  return <span class="mut f13">{w.held(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)}</span>;
}

function Overlays() {
  return (
    <div class="ovl">
      {Object.entries(LAYER_KEYS).map(([key, layer]) => (
        <label key={key}>
          <input type="checkbox" checked={overlays.value.has(layer)} onChange={() => toggleOverlay(layer)} />
          {w.layers[layer]} <i class={layer} /> <kbd class="only-d">{key.toUpperCase()}</kbd>
        </label>
      ))}
    </div>
  );
}

function Verdicts() {
  const button = (key: string, verdict: Verdict, look: string) => (
    <button
      key={key}
      type="button"
      class={look}
      aria-keyshortcuts={key.toUpperCase()}
      onClick={() => void judge(verdict)}
    >
      <kbd>{key.toUpperCase()}</kbd>
      {w.acts[verdict]}
    </button>
  );
  const other = (key: string, title: string, press: () => void) => (
    <button type="button" class="btn" aria-keyshortcuts={key} onClick={press}>
      <kbd>{key}</kbd>
      {title}
    </button>
  );
  return (
    <div class="vda">
      {Object.entries(VERDICT_KEYS).map(([key, verdict]) =>
        button(key, verdict, verdict === 'change' || verdict === 'no_change' ? 'btn soft' : 'btn'),
      )}
      {other('F', w.field, () => void judge('change', true))}
      {other('N', w.skipOne, () => void skip())}
      {other('Z', w.undo, () => void undo())}
    </div>
  );
}

/** What a point is and where; `look` is that of its state, where it is not looked at just now. */
export function PointHead({ point, look }: { point: Point; look?: string }) {
  return (
    <div class="vdh">
      <div class="row">
        <Status
          status={look ?? (point.round > 1 ? 'work' : 'planned')}
          title={point.state_title}
          detail={look ? undefined : w.round(point.round)}
        />
        <span class="grow" />
        {!look && until.value && <Held until={until.value} />}
      </div>
      {/* Said aloud: a key has put another point here, and nothing has moved the focus. */}
      <h2 tabIndex={-1} aria-live="polite" aria-atomic="true">
        {point.number} {w.suspected(point.kind_title)}
      </h2>
      <p class="f14 sub">
        <Facts
          of={[
            [point.township_name, point.village_name].filter(Boolean).join(boot.lang === 'en' ? ' ' : ''),
            w.area(number(Math.round(point.area_m2)), String(point.area_mu)),
          ]}
        />
      </p>
      {point.flag_title && (
        <p class="f14 sub">
          <Facts of={[point.flag_title, w.asideTo(point.flag_until ?? '')]} />
        </p>
      )}
      <GroupLine point={point} />
    </div>
  );
}

/** What has been done so far; loaded beside the pictures, which never wait for it. */
export function Past({ point }: { point: Point }) {
  const load = detail.state.value;
  const steps = load.key === String(point.id) ? load.data?.history : undefined;
  if (!steps?.length) return null;
  return (
    <>
      <h3>{w.history}</h3>
      <ul class="past">
        {steps.map(({ at, title, said, who, move }) => (
          <li key={`${at} ${move}`}>
            <Facts of={[at && moment(Date.parse(at)), title, said, who]} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What pictures do not prove, and under which licence they are shown: one for all, or each with its scene. */
export function Clue({ point }: { point: Point }) {
  const scenes = [point.before, point.after, ...(newest.value ? [newest.value] : [])];
  const names = [w.before, w.after, w.latest];
  const isOne = new Set(scenes.map(({ licence }) => licence)).size < 2;
  const said = scenes.map(({ licence }, at) => licence && `${names[at]} ${licence}`);
  return (
    <>
      <p class="hint">{w.clue}</p>
      {said.some(Boolean) && (
        <p class="hint">
          {w.licence}
          <Facts of={isOne ? [point.before.licence] : said} />
        </p>
      )}
    </>
  );
}

export function Card() {
  const point = open.value;
  if (!point) return null;
  return (
    <aside class="vd" aria-label={w.verdict}>
      <PointHead point={point} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.why}>
        <h3>{w.why}</h3>
        <ul class="why">
          {point.why.map(({ code, weight, text }) => (
            <li key={code}>
              <Mark name={WEIGHT[weight] ?? 'even'} />
              <span>{text}</span>
            </li>
          ))}
        </ul>
        {wide.value && (
          <>
            <h3>{w.kinds}</h3>
            <Kinds />
          </>
        )}
        <div class="acts">
          <Reasons />
          <Note />
          <Confidence />
          <Later />
        </div>
        <h3>{w.overlays}</h3>
        <Overlays />
        <Past point={point} />
        <Clue point={point} />
      </section>
      {!wide.value && <Kinds />}
      <Verdicts />
    </aside>
  );
}
