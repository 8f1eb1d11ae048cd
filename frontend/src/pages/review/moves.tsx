/** What may be done with a case: each act beside the fields that it takes, one click where it takes none. */

import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import type { BBox } from '../../core/types';
import { FilePicker } from '../../core/ui/FilePicker';
import { say } from '../../core/ui/toast';
import { bboxOf, review } from './api';
import { options } from './options';
import { act, cases, isBusy, lookAt, open, read } from './store';
import { type Card, type Detail, type Paper, QUEUE } from './types';
import { Unit } from './units';
import { isReviewer } from './who';
import { w } from './words';

/** Fields of each move in their order; with a `?` it may stay empty. Moves with the same fields share them. */
const FIELDS: Record<string, readonly string[]> = {
  uphold: ['note'],
  overrule: ['note'],
  refuse: ['note'],
  reopen: ['note'],
  check: ['unit?'],
  rectify: ['unit?'],
  find: ['finding', 'document?', 'note?'],
  duplicate: ['original'],
};
const NUMBERS = ['unit', 'document', 'original'];
const PAPERS = '.pdf,.docx,.xlsx,.txt,.csv';
/** Degrees around a point in which it may have been found before: some 200 m. */
const BESIDE = 0.002;

type Offer = Detail['moves'][number];
interface Field {
  of: Card;
  value: string;
  set: (value: string) => void;
  isNeeded: boolean;
}

interface Option {
  value: string | number;
  title: string;
}

function Choice({ label, of, field: { value: now, set } }: { label: string; of: Option[]; field: Field }) {
  return (
    <label class="lab">
      {label}
      <select class="inp" value={now} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{w.choose}</option>
        {of.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Earlier points around the open one, of which it may be the same. */
const earlier = signal<Option[]>([]);

async function findEarlier(of: Card): Promise<void> {
  earlier.value = [];
  const [west, south, east, north] = bboxOf(of);
  const box: BBox = [west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE];
  const { items } = await review.points({ bbox: box.map((edge) => edge.toFixed(5)).join(',') });
  const found = items.filter(({ id, state }) => id < of.id && state !== 'duplicate');
  const title = ({ number, kind_title, state_title }: Card) => `${number} ${kind_title} ${state_title}`;
  if (open.peek()?.id === of.id) earlier.value = found.map((point) => ({ value: point.id, title: title(point) }));
}

export function Note({ value, set, isNeeded }: Omit<Field, 'of'>) {
  return (
    <label class="lab">
      {isNeeded ? w.why1 : w.note}
      <input class="inp" maxLength={200} value={value} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

/** A document that says what was found; sent at once, named by the move. */
function Papers({ of, value, set, isNeeded }: Field) {
  const paper = useSignal<Paper | null>(null);
  const take = (files: File[]) =>
    act(async () => {
      const file = files.at(-1);
      if (!file) return;
      paper.value = await review.document(of.id, file);
      set(String(paper.value.id));
    });
  return (
    <div>
      {value && paper.value ? (
        <p class="row f14">
          <span class="grow">{paper.value.title}</span>
          <button type="button" class="x" aria-label={w.dropPaper(paper.value.title)} onClick={() => set('')}>
            <Icon name="close" size="xs" />
          </button>
        </p>
      ) : (
        <FilePicker title={w.addPaper} icon="plus" look="btn soft sm" accept={PAPERS} take={take} />
      )}
      {isNeeded && !value && <p class="f13 sub">{w.paperNeeded}</p>}
    </div>
  );
}

const CONTROLS: Record<string, (field: Field) => preact.JSX.Element> = {
  note: Note,
  unit: ({ value, set }) => <Unit value={value} set={set} />,
  finding: (field) => <Choice label={w.finding} of={options.value?.findings ?? []} field={field} />,
  document: Papers,
  original: (field) => <Choice label={w.original} of={earlier.value} field={field} />,
};

/** Fields of a move, and whether it needs them. */
const fieldsOf = ({ move, needs }: Offer) =>
  (FIELDS[move] ?? []).map((written) => {
    const name = written.replace('?', '');
    return { name, isNeeded: written === name || needs.includes(name) };
  });

/** Moves that take the same, beside what they take. */
function Together({ of, moves }: { of: Card; moves: Offer[] }) {
  const given = useSignal<Record<string, string>>({});
  const fields = moves[0] ? fieldsOf(moves[0]) : [];
  const send = ({ move, title }: Offer) =>
    act(async () => {
      const said = fields.flatMap(({ name }) => {
        const value = given.peek()[name]?.trim();
        return value ? [[name, NUMBERS.includes(name) ? Number(value) : value]] : [];
      });
      await review.move(of.id, move, { ...Object.fromEntries(said), version: of.version });
      say(w.said(of.number, title));
      await Promise.all([read(of.id), cases.again()]);
    });
  return (
    <div class="acts">
      {fields.map(({ name, isNeeded }) => {
        const Control = CONTROLS[name];
        const set = (value: string) => {
          given.value = { ...given.peek(), [name]: value };
        };
        return Control && <Control key={name} of={of} value={given.value[name] ?? ''} set={set} isNeeded={isNeeded} />;
      })}
      <div class="wrapped">
        {moves.map((offer) => (
          <button
            key={offer.move}
            type="button"
            class={fields.length ? 'btn soft' : 'btn'}
            disabled={isBusy.value || fields.some(({ name, isNeeded }) => isNeeded && !given.value[name]?.trim())}
            onClick={() => void send(offer)}
          >
            {offer.title}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Moves by what they take, in the order of the fields above; those that take nothing come last. */
function inRows(offered: Offer[]): [string, Offer[]][] {
  const rows = new Map<string, Offer[]>(
    [...Object.values(FIELDS).map((of) => of.join(' ')), ''].map((key) => [key, []]),
  );
  for (const offer of offered) rows.get((FIELDS[offer.move] ?? []).join(' '))?.push(offer);
  return [...rows].filter(([, moves]) => moves.length);
}

/** What is to be done once others have done something. */
export function Waits({ of }: { of: Detail['waits'] }) {
  return of.map(({ move, title, why }) => (
    <p key={move} class="f14 sub">
      <b>{title}</b> {why}
    </p>
  ));
}

export function Moves({ of: { card, moves, waits } }: { of: Detail }) {
  const mayRepeat = moves.some(({ move }) => move === 'duplicate');
  useEffect(() => {
    if (mayRepeat) findEarlier(card).catch(() => undefined); // nothing to choose
  }, [card.id, mayRepeat]);
  const isShown = ({ move }: Offer) => move !== 'duplicate' || earlier.value.length > 0;
  const offered = moves.filter(isShown);
  return (
    <div class="vda1">
      {isReviewer && QUEUE.includes(card.state) && !waits.length ? (
        <button type="button" class="btn soft" onClick={() => lookAt(card.id)}>
          {w.views['']}
        </button>
      ) : (
        !offered.length && !waits.length && <p class="f13 sub">{w.nothingToDo}</p>
      )}
      <Waits of={waits} />
      {inRows(offered).map(([key, alike]) => (
        <Together key={`${card.version} ${key}`} of={card} moves={alike} />
      ))}
    </div>
  );
}
