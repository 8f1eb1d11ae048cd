/** Comparisons of two scenes: how far they are, and another one. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { date, moment, number, percent } from '../../core/format';
import { loader } from '../../core/load';
import { Empty, LoadNote } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { review } from './api';
import { act } from './store';
import type { Run, SceneBrief, Runs as Told } from './types';
import { w } from './words';

const runs = loader<Told>((_key, stop) => review.runs(stop));
/** How often it is asked how far a run is. */
const ASK_MS = 2000;
const LOOKS: Record<string, string> = { done: 'done', failed: 'late', cancelled: 'cancelled', running: 'work' };
const isAlive = ({ state }: Run) => state === 'waiting' || state === 'running';

const day = ({ acquired_at }: SceneBrief) => (acquired_at ? date(acquired_at) : '');
const called = (scene: SceneBrief) => `${day(scene)} ${scene.sensor} ${w.metre(String(scene.gsd_m))}`;

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
        <b class="grow">{w.pair(called(run.before), called(run.after))}</b>
        {run.may.map((one) => (
          <button
            key={one}
            type="button"
            class="btn sm"
            aria-label={`${w.runActs[one]} ${w.pair(day(run.before), day(run.after))}`}
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
            run.detector,
            run.state === 'done' && w.found(number(run.points)),
            run.shift_px !== null && w.shift(run.shift_px.toFixed(1)),
            run.asked_at && w.askedAt(moment(Date.parse(run.asked_at))),
            run.who,
          ]}
        />
      </p>
    </li>
  );
}

function Scenes({
  name,
  value,
  of,
  set,
}: {
  name: string;
  value: string;
  of: SceneBrief[];
  set: (id: string) => void;
}) {
  return (
    <label class="lab">
      {name}
      <select class="inp" value={value} required onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{w.choose}</option>
        {of.map((scene) => (
          <option key={scene.id} value={String(scene.id)}>
            {called(scene)} {scene.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Start({ told }: { told: Told }) {
  const before = useSignal('');
  const after = useSignal('');
  const detector = useSignal(told.detectors[0]?.value ?? '');
  const start = (event: Event) => {
    event.preventDefault();
    void change(async () => {
      const said = { before: Number(before.value), after: Number(after.value), detector: detector.value };
      const { is_new } = await review.startRun(said);
      say(is_new ? w.runAsked : w.runKnown);
    });
  };
  return (
    <form class="startrun" onSubmit={start}>
      <h2>{w.newRun}</h2>
      <Scenes
        name={w.earlier}
        value={before.value}
        of={told.scenes}
        set={(id) => {
          before.value = id;
        }}
      />
      <Scenes
        name={w.later}
        value={after.value}
        of={told.scenes}
        set={(id) => {
          after.value = id;
        }}
      />
      <label class="lab">
        {w.method}
        <select
          class="inp"
          value={detector.value}
          onChange={(event) => {
            detector.value = event.currentTarget.value;
          }}
        >
          {told.detectors.map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="btn soft" disabled={!before.value || !after.value}>
        {w.startRun}
      </button>
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
