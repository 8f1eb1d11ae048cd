/** Photos for a supplement or a reopening: sent as they are chosen, named by their tokens when the form goes. */

import { signal } from '@preact/signals';
import { ApiError, isAbort } from '../../core/api';
import { uploadPhoto } from '../../incidents/api';
import { MOST_BYTES, type Picture } from '../../incidents/photo-grid';
import { s } from '../../incidents/words';

interface Attached extends Picture {
  file: File;
  token: string;
  abort: AbortController;
}

export const MOST = 9;
export const attached = signal<Attached[]>([]);

let counted = 0;

function change(id: string, part: Partial<Attached>): void {
  attached.value = attached.value.map((one) => (one.id === id ? { ...one, ...part } : one));
}

async function upload({ id, file, abort }: Attached): Promise<void> {
  change(id, { state: 'sending', share: 0, why: '' });
  try {
    const { token, thumb } = await uploadPhoto(file, file.name, (share) => change(id, { share }), abort.signal);
    change(id, { token, thumb, state: 'done', share: 1 });
  } catch (error) {
    if (isAbort(error)) return;
    if (!(error instanceof ApiError)) throw error;
    change(id, { state: 'refused', why: error.message });
  }
}

export function attach(files: File[]): void {
  const added = files.slice(0, MOST - attached.value.length).map((file): Attached => {
    const tooLarge = file.size > MOST_BYTES;
    return {
      ...{ id: String(++counted), file, url: URL.createObjectURL(file), thumb: '', token: '', share: 0 },
      ...{ state: tooLarge ? 'refused' : 'waiting', why: tooLarge ? s.photoTooLarge : '' },
      abort: new AbortController(),
    };
  });
  attached.value = [...attached.value, ...added];
  void added.reduce(
    (before, one) => (one.state === 'waiting' ? before.then(() => upload(one)) : before),
    Promise.resolve(),
  );
}

export function detach(id: string): void {
  const one = attached.value.find((each) => each.id === id);
  one?.abort.abort();
  if (one) URL.revokeObjectURL(one.url);
  attached.value = attached.value.filter((each) => each.id !== id);
}

export function again(id: string): void {
  const one = attached.value.find((each) => each.id === id);
  if (one) void upload(one);
}

export function detachAll(): void {
  for (const { id } of attached.value) detach(id);
}
