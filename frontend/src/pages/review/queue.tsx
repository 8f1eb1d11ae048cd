/** The queue: how much there is, what of it is asked for, and what comes next. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { distance, number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { LoadNote } from '../../core/ui/Notes';
import { Facts } from '../../core/ui/Status';
import { filters, setListed } from '../../core/url';
import { chipsOf } from './api';
import { Export } from './export';
import { asked, brief, type Unread as Left, narrow, POINTS, unread } from './filters';
import { Keep, Saved } from './saved';
import { choose, chooseSeveral, leave } from './several';
import { chosen, counts, isChoosing, ORDERS, open, order, queue, shownRows, take } from './store';
import { Tabs } from './tabs';
import type { Card, Counted } from './types';
import { w } from './words';

/** Filters with values to choose from, and where their figures stand in the counts. */
const CHOICES = ['place', 'kind', 'state', 'flag'] as const;
/** Filters with a least value, and how it is written. */
const LEAST = { min_m2: 'number', min_score: 'number', since: 'date' } as const;
/** Filters that are there or not. */
const FLAGS = ['project', 'redline', 'gone'] as const;

/** What a filter says, as a chip: `!building,bare` is "all but". */
function chips(): { name: string; text: string }[] {
  return Object.entries(filters.value[POINTS] ?? {}).flatMap(([name, values]) => {
    const written = values.join(',');
    if (!written) return [];
    const isNot = written.startsWith('!');
    const title = titlesOf(name, written.replace('!', '').split(','));
    return [{ name, text: isNot ? w.not(title) : title }];
  });
}

function titlesOf(name: string, values: string[]): string {
  const flag = w.insideOf[name];
  if (flag) return flag;
  const known = choicesOf(name);
  const title = values.map((value) => known.find(({ key }) => key === value)?.title ?? value).join('、');
  return brief(name in LEAST ? `${w.filterNames[name]} ${title}` : title);
}

function choicesOf(name: string): Counted[] {
  const found = counts.state.value.data;
  if (!found) return [];
  return { place: found.townships, kind: found.kinds, state: found.states, flag: found.aside }[name] ?? [];
}

function Chips() {
  const all = chips();
  if (!all.length) return null;
  return (
    <div class="chipline">
      {all.map(({ name, text }) => (
        <button
          key={name}
          type="button"
          class="chip line"
          aria-pressed="true"
          aria-label={w.drop(text)}
          onClick={() => narrow(name, [])}
        >
          {text}
          <Icon name="close" size="xs" />
        </button>
      ))}
    </div>
  );
}

/** Of the address, what is not asked for because nobody can tell what it means. */
export function Unread({ of }: { of: Left[] }) {
  return (
    <>
      {of.map(({ text, why }) => (
        <p key={text} class="note soon">
          <span>
            {text} {why}
          </span>
        </p>
      ))}
    </>
  );
}

function Choice({ name }: { name: (typeof CHOICES)[number] }) {
  const now = asked.value[name] ?? '';
  /** What is asked for says it itself; before anything is, the box does. */
  const ticked = useSignal(false);
  const plain = now.replace('!', '');
  const isNot = now ? now.startsWith('!') : ticked.value;
  const values = choicesOf(name);
  if (!values.length) return null;
  return (
    <div class="narrow">
      <label class="lab" for={`f-${name}`}>
        {w.filterNames[name]}
      </label>
      <select
        id={`f-${name}`}
        class="inp"
        value={plain}
        onChange={(event) => {
          const value = event.currentTarget.value;
          narrow(name, value ? [value] : [], isNot);
        }}
      >
        <option value="">{w.any}</option>
        {values.map(({ key, title, count }) => (
          <option key={key} value={key}>
            {title} {number(count)}
          </option>
        ))}
        {now.includes(',') && <option value={plain}>{titlesOf(name, plain.split(','))}</option>}
      </select>
      {name !== 'flag' && (
        <label class="check">
          <input
            type="checkbox"
            checked={isNot}
            onChange={({ currentTarget: { checked } }) => {
              ticked.value = checked;
              if (now) narrow(name, [plain], checked);
            }}
          />
          {w.exclude}
        </label>
      )}
    </div>
  );
}

function Narrowing() {
  return (
    <details class="narrowing">
      <summary>
        <Icon name="list" size="s" />
        {w.filters}
      </summary>
      {CHOICES.map((name) => (
        <Choice key={name} name={name} />
      ))}
      {FLAGS.map((name) => (
        <div class="narrow" key={name}>
          <label class="lab" for={`f-${name}`}>
            {w.insideOf[name]}
          </label>
          <select
            id={`f-${name}`}
            class="inp"
            value={asked.value[name] ?? ''}
            onChange={({ currentTarget: { value } }) =>
              narrow(name, value ? [value.replace('!', '')] : [], value.startsWith('!'))
            }
          >
            <option value="">{w.any}</option>
            <option value="yes">{w.only}</option>
            <option value="!yes">{w.without}</option>
          </select>
        </div>
      ))}
      {Object.entries(LEAST).map(([name, type]) => (
        <div class="narrow" key={name}>
          <label class="lab" for={`f-${name}`}>
            {w.filterNames[name]}
          </label>
          <input
            id={`f-${name}`}
            class="inp"
            type={type}
            min={0}
            step="any"
            value={asked.value[name] ?? ''}
            onChange={({ currentTarget: { value } }) => narrow(name, value ? [value] : [])}
          />
        </div>
      ))}
      <Keep />
    </details>
  );
}

let lastTicked = 0;

/** Ticks a row, or with the shift key all from the one ticked before. */
function tick(line: Card, all: Card[], withShift: boolean): void {
  const ids = all.map(({ id }) => id);
  const [from, to] = [ids.indexOf(lastTicked), ids.indexOf(line.id)];
  const next = new Set(chosen.peek());
  if (withShift && from >= 0) for (const id of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(id);
  else if (!next.delete(line.id)) next.add(line.id);
  lastTicked = line.id;
  choose(next);
}

interface RowProps {
  line: Card;
  open?: () => void;
  /** What the row is ticked among. */
  all?: Card[];
  /** Metres from where the list begins, when that is its order. */
  away?: number | undefined;
}

/** A point in a list; with `all` it is ticked, else opened. */
export function Row({ line, open: act, all, away }: RowProps) {
  const { before, after } = chipsOf(line);
  const isOpen = !all && open.value?.id === line.id;
  const state = all
    ? { 'aria-pressed': chosen.value.has(line.id) }
    : { 'aria-current': isOpen ? ('true' as const) : undefined };
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // What was skipped stays above it. On phones the list is folded.
    if (isOpen && wide.peek()) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li ref={place}>
      <button
        type="button"
        class="qi"
        {...state}
        onClick={(event) => (all ? tick(line, all, event.shiftKey) : act ? act() : void take(line.id))}
      >
        {all && <i class="tick" aria-hidden="true" />}
        {/* What is judged from the list alone is seen in it as it was and as it is. */}
        {(all ? [before, after] : [after]).map((picture, at) =>
          picture ? <img key={at} class="th" src={picture} alt="" loading="lazy" /> : <span key={at} class="th" />,
        )}
        <span class="grow">
          <b>{line.number}</b>
          {away === undefined ? (
            <span class="sc" title={w.priority}>
              {line.priority.toFixed(2)}
            </span>
          ) : (
            <span class="sc">{away > 0 && distance(away)}</span>
          )}
          <span class="d f13 mut">
            <Facts of={[line.village_name, `${line.kind_title} ${w.mu(String(line.area_mu))}`]} />
          </span>
        </span>
      </button>
    </li>
  );
}

/** Several of what is listed, instead of one. */
export function Choosing({ title }: { title: string }) {
  const rows = shownRows.value;
  return (
    <>
      <button
        type="button"
        class="btn sm"
        aria-pressed={isChoosing.value}
        onClick={() => {
          if (isChoosing.peek()) leave();
          else chooseSeveral();
        }}
      >
        {title}
      </button>
      {isChoosing.value && (
        <button
          type="button"
          class="link f13"
          onClick={() => choose(chosen.peek().size ? [] : rows.map(({ id }) => id))}
        >
          {chosen.value.size ? w.none : w.allShown(rows.length)}
        </button>
      )}
    </>
  );
}

/** What comes first, and several at once. */
function Ways() {
  return (
    <div class="ways">
      <label>
        <span class="sr">{w.orderBy}</span>
        <select class="inp" value={order.value} onChange={(event) => setListed('by', event.currentTarget.value)}>
          {ORDERS.map((key) => (
            <option key={key} value={key}>
              {w.orders[key]}
            </option>
          ))}
        </select>
      </label>
      <Choosing title={w.several} />
    </div>
  );
}

export function Queue() {
  const load = queue.state.value;
  const found = counts.state.value.data;
  const today = found?.today;
  const all = (found?.total ?? 0) + (today?.reviews ?? 0);
  return (
    <aside class="rq" id="list" aria-label={w.queueLabel} tabIndex={-1}>
      {wide.value && <Tabs />}
      <div class="rqh">
        <h1>
          {w.queue} <span class="mut">{found ? number(found.total) : ''}</span>
        </h1>
        <p class="f13 sub">
          {today?.reviews ? w.done(today.reviews, today.seconds === null ? '' : number(today.seconds)) : w.doneNone}
        </p>
        {found && all > 0 && (
          <div class="bar" role="img" aria-label={w.ofToday(today?.reviews ?? 0, number(found.total))}>
            <i style={{ width: `${(100 * (today?.reviews ?? 0)) / all}%` }} />
          </div>
        )}
        <Saved />
        <Chips />
        <Unread of={unread.value} />
        {!!found?.withheld && <p class="note soon">{w.withheld(number(found.withheld))}</p>}
        <div class="folds">
          <Narrowing />
          <Export list="queue" asked={asked.value} count={found?.total ?? 0} />
        </div>
        <Ways />
      </div>
      <LoadNote what={w.queueLabel} load={load} again={() => void queue.again()} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <ol class="scrolly" tabIndex={0} aria-label={w.queueLabel}>
        {load.data?.items.map((line, at) => (
          <Row
            key={line.id}
            line={line}
            away={load.data?.distances_m[at]}
            {...(isChoosing.value && { all: load.data?.items ?? [] })}
          />
        ))}
      </ol>
    </aside>
  );
}
