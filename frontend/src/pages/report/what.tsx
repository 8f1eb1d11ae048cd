/** Second step: what it is. */

import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { PhotoGrid } from '../../incidents/photo-grid';
import { Questions, unanswered } from '../../incidents/questions';
import { s } from '../../incidents/words';
import { textChanged } from './categories';
import { CategoryField } from './category';
import { draft, edit } from './draft';
import { lookAt, PhotoPlace } from './photo-place';
import { MOST, pictures, remove, retry, take } from './photos';
import { placeName } from './place';
import { chosen, placePromise } from './publicity';
import { joined, SimilarBox, somethingChanged } from './similar';
import { goToStep, pressed } from './steps';
import { r } from './words';

const LEAST = 4;
const LONGEST = 2000;

function PlaceCard() {
  const { spot, address } = draft.value;
  const name = [spot?.asset?.name, address].filter(Boolean).join(' ');
  return (
    <button type="button" class="loc row" onClick={() => goToStep('where')}>
      <Icon name="pin" size="s" />
      <span class="grow">
        <b>
          {placeName(spot)}
          {name && <i class="dot" />}
          {name}
        </b>
        <span class="d">{placePromise()}</span>
      </span>
      <span class="chg">{r.changePlace}</span>
    </button>
  );
}

function TextField() {
  const count = useComputed(() => draft.value.text.trim().length);
  const lacks = pressed.value && count.value < LEAST;
  return (
    <div class={lacks ? 'field bad' : 'field'}>
      <label class="lab" for="text">
        {r.text}
      </label>
      <textarea
        id="text"
        class="inp"
        rows={4}
        maxLength={LONGEST}
        placeholder={r.textHint}
        aria-describedby="text-told"
        aria-invalid={lacks || undefined}
        value={draft.value.text}
        onInput={(event) => {
          edit({ text: event.currentTarget.value });
          textChanged();
          somethingChanged();
        }}
      />
      <p id="text-told" class={lacks ? 'error' : 'hint'}>
        {lacks ? r.textNeeded : r.textCount(count.value, LONGEST)}
      </p>
    </div>
  );
}

/** "Me too" was enough: nothing needs to be written. */
function Joined() {
  const one = joined.value;
  if (!one) return null;
  return (
    <section class="sim" role="status">
      <h2 class="row">
        <Icon name="check" size="s" />
        {r.joined}
      </h2>
      <p>{r.joinedHint(one.title, one.number)}</p>
      <p class="wrapped">
        <a class="btn soft sm" href={`/?sel=incidents:${one.number}`}>
          {r.seeOnMap}
        </a>
        <button
          type="button"
          class="btn sm"
          onClick={() => {
            joined.value = null;
            edit({ others: [...draft.value.others, one.number] });
          }}
        >
          {r.goOnAnyway}
        </button>
      </p>
    </section>
  );
}

async function add(files: File[]): Promise<void> {
  void lookAt(files);
  const left = await take(files);
  if (left) say(s.photosTooMany(left, MOST));
}

const lacking = () => unanswered(chosen.value, draft.value.attributes);

export function What() {
  return (
    <>
      <PlaceCard />
      <Joined />
      <TextField />
      <CategoryField />
      {!joined.value && <SimilarBox />}
      <Questions
        of={chosen.value}
        answers={draft.value.attributes}
        put={(attributes) => edit({ attributes })}
        words={r}
        lacking={pressed.value ? lacking() : []}
      />
      <PhotoPlace />
      <PhotoGrid
        all={pictures.value}
        most={MOST}
        hint={s.photosHint(MOST)}
        add={(files) => void add(files)}
        remove={(id) => void remove(id)}
        retry={retry}
      />
    </>
  );
}

export function WhatActs() {
  const next = useRef<HTMLButtonElement>(null);
  const go = () => {
    if (draft.value.text.trim().length >= LEAST && !lacking().length) return goToStep('contact');
    pressed.value = true;
    requestAnimationFrame(() =>
      next.current?.ownerDocument.querySelector<HTMLElement>('.bad input,.bad .inp')?.focus(),
    );
  };
  return (
    <>
      <button type="button" class="btn" onClick={() => goToStep('where')}>
        {r.previous}
      </button>
      <button type="button" class="btn pri grow" ref={next} onClick={go}>
        {r.nextContact}
      </button>
    </>
  );
}
