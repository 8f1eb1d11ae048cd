/** Photos that go with a report, from the camera or the album: on their way, arrived, or refused with the reason. */

import { useSignal } from '@preact/signals';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { FilePicker } from '../core/ui/FilePicker';
import { s } from './words';

/** The server's limit; what is larger is refused before it costs anybody's data volume. */
export const MOST_BYTES = 25 * 2 ** 20;

export interface Picture {
  id: string;
  /** Of the file on this device. */
  url: string;
  /** The server's small picture, for kinds of file that this browser cannot show. */
  thumb: string;
  state: 'waiting' | 'sending' | 'done' | 'refused';
  /** From 0 to 1. */
  share: number;
  why: string;
}

interface GridProps {
  all: Picture[];
  most: number;
  hint: string;
  add: (files: File[]) => void;
  remove: (id: string) => void;
  retry: (id: string) => void;
}

function said({ state, share, why }: Picture): string {
  if (state === 'done') return s.photoDone;
  if (state === 'sending') return s.photoSending(Math.round(share * 100));
  return state === 'refused' ? why || s.photoRefused : s.photoWaiting;
}

function Tile({ one, number, remove, retry }: Pick<GridProps, 'remove' | 'retry'> & { one: Picture; number: number }) {
  const unreadable = useSignal(false);
  return (
    <li class={`pp ${one.state}`}>
      <img
        src={unreadable.value ? one.thumb : one.url}
        alt={s.photoAlt(number)}
        onError={() => {
          unreadable.value = Boolean(one.thumb);
        }}
      />
      {one.state === 'sending' && <progress max={1} value={one.share} aria-label={said(one)} />}
      <button type="button" class="del" aria-label={s.photoRemove(number)} onClick={() => remove(one.id)}>
        <Icon name="close" size="xs" />
      </button>
      {one.state === 'refused' && (
        <button type="button" class="redo" onClick={() => retry(one.id)}>
          {t.again}
          <span class="sr">{s.photoAlt(number)}</span>
        </button>
      )}
      {one.state === 'waiting' && <span class="wait">{s.photoKept}</span>}
    </li>
  );
}

export function PhotoGrid({ all, most, hint, add, remove, retry }: GridProps) {
  const trouble = all.filter(({ state }) => state === 'refused');
  return (
    <div class="field">
      <h3 class="lab">
        {s.photos} <span class="hint">{hint}</span>
      </h3>
      <ul class="ph">
        {all.map((one, index) => (
          <Tile key={one.id} one={one} number={index + 1} remove={remove} retry={retry} />
        ))}
        {all.length < most && (
          <>
            <li class="add">
              <FilePicker icon="camera" title={s.photoTake} camera take={add} />
            </li>
            <li class="add">
              <FilePicker icon="photo" title={s.photoPick} take={add} />
            </li>
          </>
        )}
      </ul>
      <p class={trouble.length ? 'error' : 'sr'} role="status">
        {trouble.length
          ? trouble.map((one) => s.photoTrouble(all.indexOf(one) + 1, said(one))).join(' ')
          : all.map((one, index) => `${s.photoAlt(index + 1)}: ${said(one)}`).join('; ')}
      </p>
    </div>
  );
}
