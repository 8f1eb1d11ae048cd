/** Photos of the draft: on the device at once, to the server as soon as there is network. */

import { signal } from '@preact/signals';
import { ApiError, isAbort } from '../../core/api';
import { newKey, uploadPhoto } from '../../incidents/api';
import { MOST_BYTES, type Picture } from '../../incidents/photo-grid';
import { s as words } from '../../incidents/words';
import { draft, keepNow } from './draft';
import { dropPhoto, type KeptPhoto, photosOf, savePhoto } from './store';

export const MOST = 9;

/** A picture of the form, and what the device keeps of it. */
export interface Kept extends Picture {
  photo: KeptPhoto;
}

export const pictures = signal<Kept[]>([]);

const running = new Map<string, AbortController>();
let sending = false;

function change(id: string, part: Partial<Kept>): void {
  pictures.value = pictures.value.map((one) => (one.id === id ? { ...one, ...part } : one));
}

const shown = (photo: KeptPhoto): Kept => ({
  photo,
  id: photo.id,
  thumb: photo.thumb,
  url: URL.createObjectURL(photo.blob),
  state: photo.token ? 'done' : 'waiting',
  share: photo.token ? 1 : 0,
  why: '',
});

export function clearPictures(): void {
  for (const [id, one] of running) {
    running.delete(id);
    one.abort();
  }
  for (const { url } of pictures.value) URL.revokeObjectURL(url);
  pictures.value = [];
}

/** Shows the photos that the draft has on this device. */
export async function loadPictures(): Promise<void> {
  clearPictures();
  pictures.value = (await photosOf(draft.value.key).catch(() => [])).map(shown);
  void upload();
}

/** Takes photos in; answers how many did not fit. */
export async function take(files: File[]): Promise<number> {
  const room = MOST - pictures.value.length;
  const order = (pictures.value.at(-1)?.photo.order ?? 0) + 1;
  const added = files.slice(0, room).map((file, index) => {
    const photo = {
      id: newKey(),
      draft: draft.value.key,
      blob: file,
      name: file.name,
      token: '',
      thumb: '',
      order: order + index,
    };
    const one = shown(photo);
    return file.size > MOST_BYTES ? { ...one, state: 'refused' as const, why: words.photoTooLarge } : one;
  });
  pictures.value = [...pictures.value, ...added];
  await keepNow();
  for (const { photo, state } of added) if (state !== 'refused') await savePhoto(photo).catch(() => undefined);
  void upload();
  return Math.max(0, files.length - room);
}

export async function remove(id: string): Promise<void> {
  running.get(id)?.abort();
  const gone = pictures.value.find((one) => one.id === id);
  if (gone) URL.revokeObjectURL(gone.url);
  pictures.value = pictures.value.filter((one) => one.id !== id);
  await dropPhoto(id).catch(() => undefined);
}

async function uploadOne({ photo }: Kept): Promise<void> {
  const mine = new AbortController();
  running.set(photo.id, mine);
  change(photo.id, { state: 'sending', share: 0, why: '' });
  try {
    const { token, thumb } = await uploadPhoto(
      photo.blob,
      photo.name,
      (share) => change(photo.id, { share }),
      mine.signal,
    );
    const done = { ...photo, token, thumb };
    await savePhoto(done).catch(() => undefined);
    change(photo.id, { photo: done, thumb, state: 'done', share: 1 });
  } catch (error) {
    if (isAbort(error)) return;
    if (!(error instanceof ApiError)) throw error;
    const passing = error.offline || error.status === 429 || error.status >= 500;
    change(photo.id, { state: passing ? 'waiting' : 'refused', why: error.offline ? '' : error.message });
    if (passing) throw error;
  } finally {
    running.delete(photo.id);
  }
}

/** Sends what waits, one after the other: on a weak network two at once are both late. */
export async function upload(): Promise<void> {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    for (;;) {
      const next = pictures.value.find(({ state }) => state === 'waiting');
      if (!next) break;
      await uploadOne(next);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // no network: tried again when there is one, or when it is sent
  } finally {
    sending = false;
  }
}

export function retry(id: string): void {
  change(id, { state: 'waiting', why: '' });
  void upload();
}
