/** What somebody found: photos with their directions, the result, and what they saw. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { date, moment, time } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { FilePicker } from '../../core/ui/FilePicker';
import {
  canHandIn,
  check,
  edit,
  handsIn,
  isFar,
  look,
  MOST_PHOTOS,
  remove,
  shots,
  take,
  together,
  waiting,
} from './checking';
import { askHeading } from './place';
import { now as clock, isRectified, taken } from './tasks';
import type { Shot, Task } from './types';
import { w } from './words';

const EIGHTH = 45;
const nearest = (degrees: number) => Math.round(degrees / EIGHTH) % 8;

function Directions({ shot, n }: { shot: Shot; n: number }) {
  const now = shot.azimuth === null ? -1 : nearest(shot.azimuth);
  return (
    <fieldset class="rose">
      <legend class="sr">{w.azimuth(n)}</legend>
      {w.directions.map((title, index) => (
        <button key={title} type="button" aria-pressed={now === index} onClick={() => look(shot.id, index * EIGHTH)}>
          {title}
        </button>
      ))}
    </fieldset>
  );
}

/** With its day where that is another one. */
function when({ takenAt }: Shot): string {
  const isOfToday = date(takenAt) === date(new Date(clock()).toISOString());
  return isOfToday ? time(takenAt) : moment(Date.parse(takenAt));
}

/** A small picture; where the browser cannot show this kind of file, its name. */
function Preview({ shot, n }: { shot: Shot; n: number }) {
  const url = useSignal('');
  const isShown = useSignal(true);
  useEffect(() => {
    const made = URL.createObjectURL(shot.blob);
    url.value = made;
    return () => URL.revokeObjectURL(made);
  }, [shot.id]);
  if (!isShown.value)
    return (
      <p class="pic sub">
        <Icon name="photo" size="s" />
        {shot.name}
      </p>
    );
  if (!url.value) return <p class="pic" />;
  return (
    <img
      class="pic"
      src={url.value}
      alt={w.photo(n)}
      onError={() => {
        isShown.value = false;
      }}
    />
  );
}

function Photo({ shot, n }: { shot: Shot; n: number }) {
  const direction = shot.azimuth !== null && w.directions[nearest(shot.azimuth)];
  return (
    <li class="shot">
      <Preview shot={shot} n={n} />
      <div class="grow">
        <p class="row f14">
          <b>{w.photo(n)}</b>
          <span class="sub grow">
            {when(shot)} {direction ? w.looks(direction, shot.azimuth ?? 0) : w.azimuthAsk}
          </span>
          <button type="button" class="x" aria-label={w.remove(n)} onClick={() => void remove(shot.id)}>
            <Icon name="close" size="xs" />
          </button>
        </p>
        <Directions shot={shot} n={n} />
      </div>
    </li>
  );
}

function Photos() {
  const all = shots.value;
  return (
    <section class="part">
      <h2>{w.photos}</h2>
      <p class="f13 sub">{w.photosHint(all.length)}</p>
      <ul>
        {all.map((shot, index) => (
          <Photo key={shot.id} shot={shot} n={index + 1} />
        ))}
      </ul>
      {all.length < MOST_PHOTOS && (
        // The camera is opened by the same press with which some devices let a page know where they look.
        // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what happens inside
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard presses what is inside as well
        <div onClick={() => void askHeading()}>
          <FilePicker icon="camera" look="btn soft block" title={w.takePhoto} camera take={take} />
        </div>
      )}
    </section>
  );
}

type Answers = { value: string; title: string }[];

function Choice({ of = [], name, title }: { of: Answers | undefined; name: 'finding' | 'kind'; title: string }) {
  const now = check.value?.[name];
  return (
    <fieldset class="part choice">
      <legend>{title}</legend>
      {of.map(({ value, title: said }) => (
        <button
          key={value}
          type="button"
          class="btn"
          aria-pressed={now === value}
          onClick={() => edit({ [name]: value })}
        >
          {said}
        </button>
      ))}
    </fieldset>
  );
}

function Text({ name, title, hint, most }: { name: 'note' | 'farWhy'; title: string; hint: string; most: number }) {
  return (
    <label class="part">
      <b>{title}</b>
      <span class="f13 sub">{hint}</span>
      <textarea
        class="inp"
        rows={3}
        maxLength={most}
        value={check.value?.[name] ?? ''}
        onInput={(event) => edit({ [name]: event.currentTarget.value })}
      />
    </label>
  );
}

/** What goes in with the order, and what would be missing. */
function handInHint(task: Task): string {
  const n = together(task).length;
  const open = waiting.value.map(({ card }) => card.number);
  if (!open.length) return n > 1 ? w.handsInAll(n) : w.handsInHint;
  return handsIn.value ? w.handsInWithout(n, open) : w.handsInLater(n, open);
}

function HandIn({ task }: { task: Task }) {
  if (!canHandIn(task)) return task.leads ? null : <p class="f13 sub">{w.notYours}</p>;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={handsIn.value}
        onChange={(event) => edit({ handsIn: event.currentTarget.checked })}
      />
      <span>
        {w.handsIn}
        <span class="d">{handInHint(task)}</span>
      </span>
    </label>
  );
}

export function Form({ task }: { task: Task }) {
  const options = taken.value?.options;
  const righted = Object.entries(w.rightedAs).map(([value, title]) => ({ value, title }));
  return (
    <>
      <Photos />
      {isRectified(task) ? (
        <Choice of={righted} name="finding" title={w.righted} />
      ) : (
        <>
          <Choice of={options?.findings} name="finding" title={w.finding} />
          <Choice of={options?.kinds} name="kind" title={w.kind} />
        </>
      )}
      {isFar.value && <Text name="farWhy" title={w.farWhy} hint={w.farHint} most={200} />}
      <Text name="note" title={w.note} hint={w.noteHint} most={290} />
      <HandIn task={task} />
    </>
  );
}
