/** Upload of photos: on its own screen for many projects, and inside one project. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { distance } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import { FilePicker } from '../../core/ui/FilePicker';
import { type Option, Options } from './fields';
import { attempt, track } from './form';
import { photoProjects } from './subjects';
import type { FormOptions } from './types';
import {
  change,
  drop,
  farness,
  type Item,
  isFar,
  isSaved,
  items,
  matching,
  missing,
  result,
  sendAll,
  take,
  unsent,
} from './upload';
import { m } from './words';

function Verdict({ item }: { item: Item }) {
  const far = farness(item);
  const lacks = item.state === 'waiting' ? missing(item) : '';
  return (
    <p class="verdict" role="status">
      <b>{m.photoNth(item.number)}</b>
      {isSaved(item) && (
        <span class="status done">
          <Mark name="done" />
          {m.photoSaved}
        </span>
      )}
      {item.state === 'sending' && <span class="status work">{m.photoSending}</span>}
      {far !== null && !isSaved(item) && (
        <span class="status soon">
          <Mark name="soon" />
          {m.photoFar(distance(far))}
        </span>
      )}
      {item.proposal?.village && <span class="mut">{item.proposal.village.name}</span>}
      {item.state === 'refused' && <span class="error">{item.why}</span>}
      {lacks && item.proposal && far === null && <span class="hint">{lacks}</span>}
    </p>
  );
}

/** The projects nearest to where the photo was taken come first, with their distance. */
function choicesOf(item: Item, all: Option[]): Option[] {
  const near = (item.proposal?.candidates ?? []).map(({ project_id, name, off_m }) => ({
    key: String(project_id),
    title: `${name} (${distance(off_m)})`,
    group: m.photoNear,
  }));
  const known = new Set(near.map(({ key }) => key));
  return [...near, ...all.filter(({ key }) => !known.has(key))];
}

interface CardProps {
  item: Item;
  choices: Option[];
  options: FormOptions;
  fixed: string;
}

function ItemFields({ item, choices, options, fixed }: CardProps) {
  const set = (part: Partial<Item>) => change(item.number, { ...part, state: 'waiting', why: '' });
  const name = (word: string) => `${m.photoNth(item.number)} ${word}`;
  return (
    <div class="itemfields">
      {!fixed && (
        <select
          class="inp"
          aria-label={name(m.photoChooseProject)}
          value={item.project}
          onChange={(event) => set({ project: event.currentTarget.value, refusedFar: false, confirmed: false })}
        >
          <Options of={choicesOf(item, choices)} empty={m.photoChooseProject} />
        </select>
      )}
      <input
        class="inp"
        aria-label={name(m.photoCaption)}
        placeholder={m.photoCaption}
        maxLength={120}
        value={item.caption}
        onInput={(event) => set({ caption: event.currentTarget.value })}
      />
      <div class="pair">
        <input
          class="inp"
          type="date"
          aria-label={name(m.photoTaken)}
          aria-invalid={item.taken_on || !item.proposal ? undefined : true}
          value={item.taken_on}
          onInput={(event) => set({ taken_on: event.currentTarget.value })}
        />
        <select
          class="inp"
          aria-label={name(m.photoMoment)}
          value={item.moment}
          onChange={(event) => set({ moment: event.currentTarget.value })}
        >
          <Options of={options.moments} />
        </select>
      </div>
      {isFar(item) && (
        <label class="confirm">
          <input
            type="checkbox"
            checked={item.confirmed}
            onChange={(event) => set({ confirmed: event.currentTarget.checked })}
          />
          {m.photoFarConfirm}
        </label>
      )}
    </div>
  );
}

function ItemCard(props: CardProps) {
  const { item } = props;
  return (
    <li class="upload">
      <img src={item.url} alt={item.caption || item.file.name} width="96" height="72" />
      <div class="grow">
        <Verdict item={item} />
        {!isSaved(item) && <ItemFields {...props} />}
      </div>
      <button
        type="button"
        class="x"
        aria-label={`${m.takeOff} ${m.photoNth(item.number)}`}
        disabled={item.state === 'sending'}
        onClick={() => drop((other) => other.number === item.number)}
      >
        <Icon name="close" size="s" />
      </button>
    </li>
  );
}

function Sending({ send }: { send: () => Promise<void> }) {
  const sending = items.value.some(({ state }) => state === 'sending');
  const waiting = items.value.filter((item) => !isSaved(item)).length;
  return (
    <>
      {result.value && (
        <p class={result.value.isClean ? 'note' : 'note soon'} role="status">
          <Mark name={result.value.isClean ? 'done' : 'soon'} />
          <span>{result.value.text}</span>
        </p>
      )}
      {waiting > 0 && (
        <div class="actbar">
          <button type="button" class="btn pri grow" disabled={sending || matching.value} onClick={() => void send()}>
            {sending ? m.photoSending : m.photosSend(waiting)}
          </button>
        </div>
      )}
    </>
  );
}

/** The upload list; `fixed` is the project inside which it stands, empty on the screen of its own. */
export function Uploader({
  fixed,
  options,
  done,
}: {
  fixed: string;
  options: FormOptions;
  done?: () => Promise<void>;
}) {
  const choices = useSignal<Option[]>([]);
  useEffect(() => {
    const leave = track(unsent);
    return () => {
      leave();
      drop(() => true);
      result.value = null;
    };
  }, []);
  useEffect(() => {
    if (fixed) return;
    void attempt(async () => {
      choices.value = await photoProjects();
    });
  }, [fixed]);
  const send = async () => {
    await sendAll();
    if (!done) return;
    drop(isSaved);
    await done();
  };
  return (
    <section class="uploader" aria-label={m.photos}>
      <div>
        <FilePicker title={m.photosTake} icon="photo" look="btn soft block" take={(files) => take(files, fixed)} />
        <p class="hint">{m.photosHelp}</p>
      </div>
      {matching.value && (
        <p class="mut" role="status">
          {m.photoMatching}
        </p>
      )}
      <ol class="uploads">
        {items.value.map((item) => (
          <ItemCard key={item.number} item={item} choices={choices.value} options={options} fixed={fixed} />
        ))}
      </ol>
      <Sending send={send} />
    </section>
  );
}
