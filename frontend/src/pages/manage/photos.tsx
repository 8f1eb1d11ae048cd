/** Upload of photos: on its own screen for many projects, and inside one project. */

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { distance } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { projects } from './api';
import { type Option, Options } from './fields';
import type { FormOptions, ProjectPhoto } from './types';
import { change, clearSaved, drop, farness, type Item, items, matching, missing, sendAll, take } from './upload';
import { m } from './words';

function FilePicker({ fixed }: { fixed: string }) {
  const id = useId();
  return (
    <div class="picker">
      <label for={id} class="btn soft block">
        <Icon name="photo" size="s" />
        {m.photosTake}
      </label>
      <input
        id={id}
        class="sr"
        type="file"
        multiple
        accept="image/*,.heic,.heif"
        onChange={(event) => {
          void take([...(event.currentTarget.files ?? [])], fixed);
          event.currentTarget.value = '';
        }}
      />
      <p class="hint">{m.photosHelp}</p>
    </div>
  );
}

function Verdict({ item, number }: { item: Item; number: number }) {
  const far = farness(item);
  const waits = item.state === 'waiting' && missing(item);
  return (
    <p class="verdict" role="status">
      <b>{m.photoNth(number)}</b>
      {item.state === 'saved' && (
        <span class="status done">
          <Mark name="done" />
          {m.photoSaved}
        </span>
      )}
      {item.state === 'sending' && <span class="status work">{m.photoSending}</span>}
      {item.state === 'refused' && <span class="error">{item.why}</span>}
      {far !== null && item.state !== 'saved' && (
        <span class="status soon">
          <Mark name="soon" />
          {m.photoFar(distance(far))}
        </span>
      )}
      {waits && item.proposal && !item.proposal.has_position && <span class="hint">{m.photoNoPosition}</span>}
      {item.proposal?.village && <span class="mut">{item.proposal.village.name}</span>}
    </p>
  );
}

function ItemFields({
  item,
  choices,
  options,
  fixed,
}: {
  item: Item;
  choices: Option[];
  options: FormOptions;
  fixed: string;
}) {
  return (
    <div class="itemfields">
      {!fixed && (
        <select
          class="inp"
          aria-label={m.photoChooseProject}
          value={item.project}
          onChange={(event) => change(item, { project: event.currentTarget.value })}
        >
          <Options of={choices} empty={m.photoChooseProject} />
        </select>
      )}
      <input
        class="inp"
        aria-label={m.photoCaption}
        placeholder={m.photoCaption}
        maxLength={120}
        value={item.caption}
        onInput={(event) => change(item, { caption: event.currentTarget.value })}
      />
      <div class="pair">
        <input
          class="inp"
          type="date"
          aria-label={m.photoTaken}
          value={item.taken_on}
          onInput={(event) => change(item, { taken_on: event.currentTarget.value })}
        />
        <select
          class="inp"
          aria-label={m.photoMoment}
          value={item.moment}
          onChange={(event) => change(item, { moment: event.currentTarget.value })}
        >
          <Options of={options.moments} />
        </select>
      </div>
      {farness(item) !== null && (
        <label class="confirm">
          <input
            type="checkbox"
            checked={item.confirmed}
            onChange={(event) => change(item, { confirmed: event.currentTarget.checked })}
          />
          {m.photoFarConfirm}
        </label>
      )}
    </div>
  );
}

function ItemCard({
  item,
  number,
  choices,
  options,
  fixed,
}: {
  item: Item;
  number: number;
  choices: Option[];
  options: FormOptions;
  fixed: string;
}) {
  return (
    <li class="upload">
      <img src={item.url} alt={item.caption || item.file.name} width="96" height="72" />
      <div class="grow">
        <Verdict item={item} number={number} />
        {item.state !== 'saved' && <ItemFields item={item} choices={choices} options={options} fixed={fixed} />}
      </div>
      <button type="button" class="x" aria-label={`${m.remove} ${m.photoNth(number)}`} onClick={() => drop(item)}>
        <Icon name="close" size="s" />
      </button>
    </li>
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
  const sending = useSignal(false);
  useEffect(() => {
    if (fixed) return;
    void projects.list({ act: 'photo_add', limit: 200 }).then(({ features }) => {
      choices.value = features.map(({ id, properties }) => ({ key: String(id), title: String(properties.name) }));
    });
  }, [fixed]);
  const waiting = items.value.filter(({ state }) => state !== 'saved').length;
  const send = async () => {
    sending.value = true;
    say(await sendAll());
    sending.value = false;
    if (done) {
      clearSaved();
      await done();
    }
  };
  return (
    <section class="uploader" aria-label={m.photos}>
      <FilePicker fixed={fixed} />
      {matching.value && (
        <p class="mut" role="status">
          {m.photoMatching}
        </p>
      )}
      <ol class="uploads">
        {items.value.map((item, index) => (
          <ItemCard
            key={item.url}
            item={item}
            number={index + 1}
            choices={choices.value}
            options={options}
            fixed={fixed}
          />
        ))}
      </ol>
      {waiting > 0 && (
        <div class="actbar">
          <button type="button" class="btn pri grow" disabled={sending.value} onClick={() => void send()}>
            {sending.value ? m.photoSending : m.photosSend(waiting)}
          </button>
        </div>
      )}
    </section>
  );
}

function StoredPhoto({ photo, reload }: { photo: ProjectPhoto; reload: () => Promise<void> }) {
  const remove = async () => {
    if (!confirm(m.removeSure(photo.caption || photo.taken_on))) return;
    await projects.removePhoto(photo.id);
    await reload();
  };
  return (
    <li class="stored">
      <img src={photo.thumb} alt={photo.alt} loading="lazy" width="160" height="120" />
      <p class="f13">
        {photo.caption && <b>{photo.caption} </b>}
        {photo.taken_on} <span class="mut">{m.photoState[photo.state]}</span>
      </p>
      {photo.off_m !== null && photo.off_m > 500 && <p class="f13 status soon">{m.photoFar(distance(photo.off_m))}</p>}
      {photo.may_edit && (
        <button type="button" class="link f13" onClick={() => void remove()}>
          {m.remove}
        </button>
      )}
    </li>
  );
}

export function StoredPhotos({ photos, reload }: { photos: ProjectPhoto[]; reload: () => Promise<void> }) {
  if (!photos.length) return <p class="mut">{m.photosNone}</p>;
  return (
    <ul class="storedlist">
      {photos.map((photo) => (
        <StoredPhoto key={photo.id} photo={photo} reload={reload} />
      ))}
    </ul>
  );
}
