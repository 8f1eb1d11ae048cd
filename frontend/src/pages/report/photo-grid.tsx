/** Up to nine photos, from the camera or the album. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { MOST, type Picture, pictures, remove, retry, take } from './photos';
import { r } from './words';

async function add(input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  input.value = '';
  const left = await take(files, r.photoTooLarge);
  if (left) say(r.photosTooMany(left, MOST));
}

function Adder({ icon, title, camera }: { icon: string; title: string; camera?: boolean }) {
  const id = useId();
  return (
    <div class="add">
      <input
        id={id}
        class="sr"
        type="file"
        accept="image/*,.heic,.heif"
        multiple={!camera}
        capture={camera ? 'environment' : undefined}
        onChange={(event) => void add(event.currentTarget)}
      />
      <label for={id}>
        <Icon name={icon} />
        {title}
      </label>
    </div>
  );
}

function said({ state, share, why }: Picture): string {
  if (state === 'done') return r.photoDone;
  if (state === 'sending') return r.photoSending(Math.round(share * 100));
  return state === 'refused' ? why || r.photoRefused : r.photoWaiting;
}

function Tile({ one, number }: { one: Picture; number: number }) {
  const unreadable = useSignal(false);
  return (
    <li class={`pp ${one.state}`}>
      <img
        src={unreadable.value ? one.photo.thumb : one.url}
        alt={r.photoAlt(number)}
        onError={() => {
          unreadable.value = Boolean(one.photo.thumb);
        }}
      />
      {one.state === 'sending' && (
        <progress max={1} value={one.share} aria-label={r.photoSending(Math.round(one.share * 100))} />
      )}
      <button type="button" class="del" aria-label={r.photoRemove(number)} onClick={() => void remove(one)}>
        <Icon name="close" size="xs" />
      </button>
      {one.state === 'refused' && one.photo.blob.size > 0 && (
        <button type="button" class="redo" onClick={() => retry(one)}>
          {t.again}
          <span class="sr">{r.photoAlt(number)}</span>
        </button>
      )}
      {one.state === 'waiting' && <span class="wait">{r.photoKept}</span>}
    </li>
  );
}

export function PhotoGrid() {
  const all = pictures.value;
  const trouble = all.filter(({ state }) => state === 'refused');
  return (
    <div class="field">
      <h3 class="lab">
        {r.photos} <span class="hint">{r.photosHint(MOST)}</span>
      </h3>
      <ul class="ph">
        {all.map((one, index) => (
          <Tile key={one.photo.id} one={one} number={index + 1} />
        ))}
        {all.length < MOST && (
          <>
            <li>
              <Adder icon="camera" title={r.photoTake} camera />
            </li>
            <li>
              <Adder icon="photo" title={r.photoPick} />
            </li>
          </>
        )}
      </ul>
      <p class={trouble.length ? 'error' : 'sr'} role="status">
        {trouble.length
          ? trouble.map((one) => r.photoTrouble(all.indexOf(one) + 1, said(one))).join(' ')
          : all.map((one, index) => `${r.photoAlt(index + 1)}: ${said(one)}`).join('; ')}
      </p>
    </div>
  );
}
