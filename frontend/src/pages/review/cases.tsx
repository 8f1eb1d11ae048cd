/** What becomes of points after somebody has looked: disputes are decided, findings handled, closed cases reopened. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { moment, number } from '../../core/format';
import { loader } from '../../core/load';
import { Empty, LoadNote } from '../../core/ui/Notes';
import { Facts } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { listed, openView, selection, setListed } from '../../core/url';
import { review } from './api';
import { Past, PointHead } from './card';
import { lookOf } from './look';
import { Row } from './queue';
import { act, detail, isReviewer, open, options, POINTS, read } from './store';
import type { Detail, Page, Review } from './types';
import { w } from './words';

/** What is listed at first: what waits for whoever looks. */
const FIRST = isReviewer ? 'confirmed' : 'disputed';
const ALL = 'all';
const shown = () => listed.of.value || FIRST;
const cases = loader<Page>((key, stop) => review.points(key === ALL ? {} : { state: key }, stop));
/** Moves whose fields this page has; what is missing asks for nothing. */
const FIELDS: Record<string, readonly string[]> = {
  uphold: ['note'],
  overrule: ['note'],
  reopen: ['note'],
  duplicate: ['original'],
  find: ['finding'],
};
/** Moves of the queue have their own keys. */
const ELSEWHERE = ['defer'];

export function openCase(id: number): void {
  openView('cases');
  void act(() => read(id));
}

function Verdict({ said }: { said: Review }) {
  return (
    <li class={said.verdict === 'change' ? 'said yes' : 'said'}>
      <p class="f13 sub">{w.round(said.round)}</p>
      <b>{said.verdict_title}</b>
      <Facts of={[said.verdict === 'change' ? said.kind_title : said.reason, said.who]} />
      <p class="f13 sub">
        <Facts of={[said.at && moment(Date.parse(said.at)), said.seconds !== null && w.took(number(said.seconds))]} />
      </p>
      {said.note && <p>{said.note}</p>}
    </li>
  );
}

/** The verdicts that stand, beside each other. */
function Verdicts({ of }: { of: Detail }) {
  const standing = of.reviews.filter(({ is_undone, verdict }) => !is_undone && verdict !== 'undo');
  if (!standing.length) return null;
  return (
    <>
      <h3>{of.card.state === 'disputed' ? w.differing : w.verdicts}</h3>
      <ul class="saids">
        {standing.map((said) => (
          <Verdict key={said.id} said={said} />
        ))}
      </ul>
    </>
  );
}

function Findings({ value: now, set }: { value: string; set: (value: string) => void }) {
  return (
    <label class="lab">
      {w.finding}
      <select class="inp" value={now} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{w.choose}</option>
        {options.value?.findings.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Moves({ of }: { of: Detail }) {
  const fields = useSignal<Record<string, string>>({});
  const set = (name: string, value: string) => {
    fields.value = { ...fields.value, [name]: value };
  };
  const offered = of.moves.filter(({ move }) => !ELSEWHERE.includes(move));
  const needed = new Set(offered.flatMap(({ move }) => FIELDS[move] ?? []));
  const send = (move: string, title: string) =>
    act(async () => {
      const given = Object.fromEntries((FIELDS[move] ?? []).map((name) => [name, fields.peek()[name] ?? '']));
      await review.move(of.card.id, move, { ...given, version: of.card.version });
      say(w.said(of.card.number, title));
      fields.value = {};
      await Promise.all([read(of.card.id), cases.again()]);
    });
  if (!offered.length) return <p class="vda1 f13 sub">{w.nothingToDo}</p>;
  return (
    <div class="vda1">
      {needed.has('note') && (
        <label class="lab">
          {w.why1}
          <input
            class="inp"
            maxLength={200}
            value={fields.value.note ?? ''}
            onInput={(event) => set('note', event.currentTarget.value)}
          />
        </label>
      )}
      {needed.has('original') && (
        <label class="lab">
          {w.original}
          <input
            class="inp"
            inputMode="numeric"
            value={fields.value.original ?? ''}
            onInput={(event) => set('original', event.currentTarget.value.replace(/\D/g, ''))}
          />
        </label>
      )}
      {needed.has('finding') && <Findings value={fields.value.finding ?? ''} set={(value) => set('finding', value)} />}
      <div class="wrapped">
        {offered.map(({ move, title }) => (
          <button
            key={move}
            type="button"
            class={move === 'uphold' || move === 'overrule' ? 'btn soft' : 'btn'}
            disabled={(FIELDS[move] ?? []).some((name) => !fields.value[name]?.trim())}
            onClick={() => void send(move, title)}
          >
            {title}
          </button>
        ))}
      </div>
    </div>
  );
}

function Case() {
  const state = detail.state.value;
  const point = open.value;
  const told = state.data;
  if (!point || state.key !== String(point.id) || !told) {
    return (
      <aside class="vd" aria-label={w.verdict}>
        <Empty title={w.noneOpen} icon="info" />
      </aside>
    );
  }
  return (
    <aside class="vd" aria-label={w.verdict}>
      <PointHead point={told.card} look={lookOf(told.card.state)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.history}>
        <Verdicts of={told} />
        {told.checks.map((one) => (
          <p key={one.at} class="f14">
            <b>{one.finding_title}</b>{' '}
            <Facts of={[one.at && moment(Date.parse(one.at)), one.who, w.away(number(Math.round(one.distance_m)))]} />{' '}
            {one.note}
            <span class="shots">
              {one.photos.map(({ photo, sha256 }) => (
                <img key={sha256} src={photo.thumb} alt="" loading="lazy" />
              ))}
            </span>
          </p>
        ))}
        <Past point={told.card} />
        <p class="hint">{w.clue}</p>
      </section>
      <Moves key={told.card.id} of={told} />
    </aside>
  );
}

function List() {
  const state = cases.state.value;
  return (
    <>
      <div class="rqh">
        <label class="lab">
          {w.inState} <span class="mut">{state.data?.matched}</span>
          <select class="inp" value={shown()} onChange={(event) => setListed('of', event.currentTarget.value)}>
            <option value={ALL}>{w.any}</option>
            {options.value?.states.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <LoadNote what={w.views.cases ?? ''} load={state} again={() => void cases.again()} />
      {state.data && !state.data.items.length && <Empty title={w.noCases}>{w.noCasesHint}</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <ol class="scrolly" tabIndex={0} aria-label={w.views.cases}>
        {state.data?.items.map((line) => (
          <Row key={line.id} line={line} open={() => void act(() => read(line.id))} />
        ))}
      </ol>
    </>
  );
}

/** The list and the card; the pictures between them are the page's. */
export const CaseList = List;
export const CaseCard = Case;

/** Lists what is asked for, and opens the first of it where nothing is open. */
export function useCases(): void {
  const key = shown();
  useEffect(() => {
    void cases.load(key).then(() => {
      const first = cases.state.peek().data?.items[0];
      if (selection.peek()?.kind !== POINTS) open.value = null;
      if (first && selection.peek()?.kind !== POINTS) void act(() => read(first.id));
    });
  }, [key]);
}
