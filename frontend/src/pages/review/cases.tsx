/** What becomes of points after somebody has looked: disputes are decided, findings handled, closed cases reopened. */

import { useEffect } from 'preact/hooks';
import { moment, number, time } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { Empty, LoadNote } from '../../core/ui/Notes';
import { Facts } from '../../core/ui/Status';
import { listed, openView, selection, setListed } from '../../core/url';
import { Clue, Past, PointHead } from './card';
import { Export } from './export';
import { POINTS, unreadAs } from './filters';
import { lookOf } from './look';
import { Moves } from './moves';
import { options } from './options';
import { OrderLine } from './order';
import { Choosing, Row, Unread } from './queue';
import { act, cases, casesOf, casesShown, detail, isChoosing, isNumber, open, read, SHOWN } from './store';
import type { Detail, Review } from './types';
import { isKeeper, isReviewer } from './who';
import { w } from './words';

/** What is listed at first: what waits for whoever looks. */
const FIRST = isReviewer ? 'confirmed' : isKeeper ? 'disputed' : 'field_check';
const ALL = 'all';
/** Whether the address asks for states that there are; before that is known, it does. */
const isKnown = () =>
  listed.of.value === ALL ||
  isNumber(listed.of.value) ||
  listed.of.value.split(',').every((key) => options.value?.states.some(({ value }) => value === key) ?? true);
const shown = () => (isKnown() && listed.of.value) || FIRST;
/** Verdicts that decide; the others set a point aside. */
const DECISIVE = ['change', 'no_change'];
const statesOf = (key: string) => (key === ALL ? '' : key);

export function openCase(id: number): void {
  openView('cases');
  void act(() => read(id));
}

function Verdict({ said }: { said: Review }) {
  const sure = options.value?.confidences.find(({ value }) => value === String(said.confidence))?.title;
  return (
    <li class={said.verdict === 'change' ? 'said yes' : 'said'}>
      <p class="f13 sub">{w.round(said.round)}</p>
      <b>{said.verdict_title}</b>
      <Facts of={[said.verdict === 'change' ? said.kind_title : said.reason, said.who]} />
      <p class="f13 sub">
        <Facts
          of={[
            said.at && moment(Date.parse(said.at)),
            said.seconds !== null && w.took(number(said.seconds)),
            sure && `${w.confidence}: ${sure}`,
          ]}
        />
      </p>
      {said.note && <p>{said.note}</p>}
    </li>
  );
}

/** The verdicts that stand, beside each other. */
function Verdicts({ of }: { of: Detail }) {
  const standing = of.reviews.filter(({ is_undone, verdict }) => !is_undone && verdict !== 'undo');
  if (!standing.length) return null;
  const isDisputed = of.card.state === 'disputed';
  const said = new Set(standing.map(({ verdict }) => verdict).filter((one) => DECISIVE.includes(one)));
  return (
    <>
      <h3>{isDisputed && said.size > 1 ? w.differing : w.verdicts}</h3>
      {isDisputed && said.size < 2 && <p class="f13 sub">{w.secondKnew}</p>}
      <ul class="saids">
        {standing.map((said) => (
          <Verdict key={said.id} said={said} />
        ))}
      </ul>
    </>
  );
}

function Case() {
  const state = detail.state.value;
  const point = open.value;
  const told = state.data;
  const note = <LoadNote what={w.verdict} load={state} again={() => void act(() => read(Number(state.key)))} />;
  if (!point || state.key !== String(point.id) || !told) {
    return (
      <aside class="vd" aria-label={w.verdict}>
        {point ? note : <Empty title={w.noneOpen} icon="info" />}
      </aside>
    );
  }
  return (
    <aside class="vd" aria-label={w.verdict}>
      <PointHead point={told.card} look={lookOf(told.card.state)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="vdb" tabIndex={0} aria-label={w.history}>
        {note}
        <Verdicts of={told} />
        {told.original && (
          <button type="button" class="link f14" onClick={() => openCase(told.card.duplicate_of ?? 0)}>
            {w.sameAs(told.original)}
          </button>
        )}
        {told.finding_title && (
          <p class="f14">
            <b>{w.foundBy(told.finding_title)}</b> {told.basis && <a href={told.basis.url}>{told.basis.title}</a>}
          </p>
        )}
        {told.checks.map((one) => (
          <p key={`${one.point} ${one.at}`} class="f14">
            <b>{one.finding_title}</b> <Facts of={[one.at && moment(Date.parse(one.at)), one.who, one.kind_title]} />{' '}
            {one.point !== told.card.id && (
              <button type="button" class="link" onClick={() => openCase(one.point)}>
                {w.checkedBeside(one.number)}
              </button>
            )}{' '}
            <span class={one.is_far ? 'status late' : 'sub'}>
              {one.is_far && <Mark name="late" />}
              {w.away(number(Math.round(one.distance_m)), number(Math.round(one.accuracy_m)))}
            </span>{' '}
            {one.note}
            <span class="shots">
              {one.photos.map(({ photo, sha256, azimuth, taken_at }) => (
                <a key={sha256} href={photo.large} target="_blank" rel="noreferrer" class="f13">
                  <img src={photo.thumb} alt={photo.alt} loading="lazy" />
                  {Math.round(azimuth)}° {taken_at && time(taken_at)}
                </a>
              ))}
            </span>
          </p>
        ))}
        {told.order && <OrderLine of={told.order} />}
        <Past point={told.card} />
        <Clue point={told.card} />
      </section>
      {isKeeper && <Moves key={told.card.id} of={told} />}
    </aside>
  );
}

/** By itself, as the list is drawn again whenever an answer arrives: letters that are being typed stay. */
function NumberBox() {
  const of = listed.of.value;
  return (
    <label class="lab">
      {w.number}
      <input
        class="inp"
        type="search"
        value={isNumber(of) || !isKnown() ? of : ''}
        onChange={({ currentTarget: { value } }) => setListed('of', value.trim())}
      />
    </label>
  );
}

function List() {
  const state = cases.state.value;
  const rows = state.data?.items ?? [];
  return (
    <>
      <div class="rqh">
        <div class="ways">
          <label class="lab">
            {w.inState} <span class="mut">{state.data && number(state.data.matched ?? 0)}</span>
            <select class="inp" value={shown()} onChange={(event) => setListed('of', event.currentTarget.value)}>
              <option value={isNumber(shown()) ? shown() : ALL}>{w.any}</option>
              {options.value?.states.map(({ value, title }) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <NumberBox />
        </div>
        <Unread of={isKnown() || !listed.of.value ? [] : [unreadAs(listed.of.value)]} />
        <Export list="points" asked={casesOf(statesOf(shown()))} count={state.data?.matched ?? 0} />
        {isKeeper && (
          <div class="ways">
            <Choosing title={w.choose1} />
          </div>
        )}
      </div>
      <LoadNote what={w.views.cases ?? ''} load={state} again={() => void cases.again()} />
      {state.data && !rows.length && <Empty title={w.noCases}>{!isNumber(shown()) && w.noCasesHint}</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <ol class="scrolly" tabIndex={0} aria-label={w.views.cases}>
        {rows.map((line) => (
          <Row
            key={line.id}
            line={line}
            open={() => void act(() => read(line.id))}
            {...(isChoosing.value && { all: rows })}
          />
        ))}
      </ol>
      {state.data?.next && (
        <button
          type="button"
          class="btn soft more"
          onClick={() => {
            casesShown.value = rows.length + SHOWN; // of those that are there: a second press asks for the same
            void cases.again();
          }}
        >
          {w.more}
        </button>
      )}
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
    let isLeft = false;
    const openFirst = async () => {
      if (isLeft || (selection.peek()?.kind === POINTS && !isNumber(key))) return;
      open.value = null;
      const [first] = cases.state.peek().data?.items ?? [];
      if (first) await read(first.id);
    };
    casesShown.value = SHOWN;
    // After what was pressed before: that may open another.
    void cases.load(statesOf(key)).then(() => act(openFirst));
    return () => {
      isLeft = true;
    };
  }, [key]);
}
