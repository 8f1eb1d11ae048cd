/** Comparisons of two scenes: how far they are, and another one. */

import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { moment, number, percent } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { loader } from '../../core/load';
import { Empty, LoadNote } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { review } from './api';
import { act, isBusy } from './store';
import type { Run, SceneBrief, Runs as Told } from './types';
import { called, dayOf } from './viewer';
import { w } from './words';

const runs = loader<Told>((_key, stop) => review.runs(stop));
/** How often it is asked how far a run is. */
const ASK_MS = 2000;
const LOOKS: Record<string, string> = { done: 'done', failed: 'late', cancelled: 'cancelled', running: 'work' };
const isAlive = ({ state }: Run) => state === 'waiting' || state === 'running';

/** Whole dates: two scenes are most often of the same day of two years. */
const days = ({ before, after }: Run) => w.pair(dayOf(before) || '', dayOf(after) || '');
const made = ({ before, after }: Run) => [...new Set([called(before), called(after)])].join(' → ');

/** What somebody called a scene; by itself it is called by its sensor and day, which stand beside it. */
const ownTitle = (scene: SceneBrief) => scene.title !== `${scene.sensor} ${dayOf(scene)}` && scene.title;

const change = (doing: () => Promise<unknown>) =>
  act(async () => {
    await doing();
    await runs.again();
  });

function Line({ run }: { run: Run }) {
  const done = Math.round(run.progress * 100);
  return (
    <li class="run">
      <div class="row wrap">
        <Status status={LOOKS[run.state] ?? 'planned'} title={run.state_title} />
        <b>
          {days(run)} <span class="mut">#{run.id}</span>
        </b>
        {run.may.map((one) => (
          <button
            key={one}
            type="button"
            class="btn sm"
            aria-label={`${w.runActs[one]} ${days(run)}`}
            disabled={isBusy.value}
            onClick={() => void change(() => review.actOnRun(run.id, one))}
          >
            {w.runActs[one]}
          </button>
        ))}
      </div>
      {isAlive(run) && (
        <div class="row">
          <progress class="grow" max={100} value={done} aria-label={run.state_title} />
          <span class="f13">{percent(done)}</span>
        </div>
      )}
      {run.error && <p class="note late">{run.error}</p>}
      <p class="f13 sub">
        <Facts
          of={[
            made(run),
            run.detector,
            run.state === 'done' && w.found(number(run.points)),
            run.again > 0 && w.again(number(run.again)),
            run.gone > 0 && w.gone(number(run.gone)),
            run.vetoed > 0 && w.vetoed(number(run.vetoed)),
            run.shift_px !== null && w.shift(run.shift_px.toFixed(1)),
            run.asked_at && w.askedAt(moment(Date.parse(run.asked_at))),
            run.who,
          ]}
        />
      </p>
    </li>
  );
}

/** What is said of a new run, and what the server has against it. */
interface Asking {
  given: Signal<Record<string, string>>;
  refused: Signal<ApiError | null>;
}

const FIELDS = ['before', 'after', 'detector', 'share', 'least'];

const control = (name: string, { given, refused }: Asking) => ({
  class: 'inp',
  value: given.value[name] ?? '',
  'aria-invalid': refused.value?.field === name,
  onInput: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => {
    given.value = { ...given.peek(), [name]: value };
    refused.value = null;
  },
});

function Why({ name, of }: { name: string; of: Asking }) {
  const refused = of.refused.value;
  return refused?.field === name ? (
    <span class="error" role="alert">
      {refused.message} {refused.hint}
    </span>
  ) : null;
}

function Choice({
  name,
  title,
  of,
  options,
}: {
  name: string;
  title: string;
  of: Asking;
  options: [string, string][];
}) {
  return (
    <label class="lab">
      {title}
      <select {...control(name, of)}>
        {options.map(([value, said]) => (
          <option key={value} value={value}>
            {said}
          </option>
        ))}
      </select>
      <Why name={name} of={of} />
    </label>
  );
}

interface Amounts {
  name: string;
  title: string;
  hint: string;
  of: Asking;
  min: number;
  max: number;
  step: number;
}

function Amount({ name, title, hint, of, ...limits }: Amounts) {
  return (
    <label class="lab">
      <span>
        {title} <span class="mut">{hint}</span>
      </span>
      <input type="number" inputMode="decimal" {...limits} {...control(name, of)} />
      <Why name={name} of={of} />
    </label>
  );
}

/** What hardly anybody says; the limits are those of `imagery/api/runs.py`, the share in percent. */
function More({ of }: { of: Asking }) {
  return (
    <details
      class="narrowing"
      onInvalidCapture={({ currentTarget }) => {
        currentTarget.open = true; // a browser says nothing of what is folded away
      }}
    >
      <summary>
        <Icon name="list" size="s" />
        {w.moreSettings}
      </summary>
      <Amount name="share" title={w.share} hint={w.shareHint} of={of} min={0.01} max={50} step={0.01} />
      <Amount name="least" title={w.least} hint={w.leastHint} of={of} min={1} max={10_000} step={1} />
    </details>
  );
}

async function ask({ given, refused }: Asking): Promise<void> {
  const { before, after, detector, share, least } = given.peek();
  try {
    const { is_new } = await review.startRun({
      before: Number(before),
      after: Number(after),
      detector,
      ...(share && { share: +(Number(share) / 100).toFixed(6) }),
      ...(least && { least: Number(least) }),
    });
    say(is_new ? w.runAsked : w.runKnown);
  } catch (error) {
    if (!(error instanceof ApiError && FIELDS.includes(error.field))) throw error;
    refused.value = error;
  }
}

function Start({ told }: { told: Told }) {
  const given = useSignal<Record<string, string>>({ detector: told.detectors[0]?.value ?? '' });
  const refused = useSignal<ApiError | null>(null);
  const of = { given, refused };
  const scenes: [string, string][] = [
    ['', w.choose],
    ...told.scenes.map((scene): [string, string] => [
      String(scene.id),
      [dayOf(scene), called(scene), ownTitle(scene)].filter(Boolean).join(' '),
    ]),
  ];
  return (
    <form
      class="startrun"
      onSubmit={(event) => {
        event.preventDefault();
        void change(() => ask(of));
      }}
    >
      <h2>{w.newRun}</h2>
      <Choice name="before" title={w.earlier} of={of} options={scenes} />
      <Choice name="after" title={w.later} of={of} options={scenes} />
      <Choice
        name="detector"
        title={w.method}
        of={of}
        options={told.detectors.map(({ value, title }) => [value, title])}
      />
      <button type="submit" class="btn soft" disabled={isBusy.value || !given.value.before || !given.value.after}>
        {w.startRun}
      </button>
      <More of={of} />
    </form>
  );
}

export function Runs() {
  const state = runs.state.value;
  useEffect(() => {
    void runs.load('all');
    const timer = setInterval(() => {
      if (!document.hidden && runs.state.peek().data?.items.some(isAlive)) void runs.again();
    }, ASK_MS);
    return () => clearInterval(timer);
  }, []);
  const told = state.data;
  return (
    <div class="figures">
      <h1>{w.views.runs}</h1>
      <LoadNote what={w.views.runs ?? ''} load={state} again={() => void runs.again()} />
      {told && told.detectors.length > 0 && <Start told={told} />}
      {told && !told.items.length && <Empty title={w.noRuns}>{w.noRunsHint}</Empty>}
      <ul class="runs">
        {told?.items.map((run) => (
          <Line key={run.id} run={run} />
        ))}
      </ul>
    </div>
  );
}
