/** Sends what waits on this device; one sender at a time, also across tabs. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { incidents, uploadPhoto } from '../../incidents/api';
import { isPassing, sender } from '../../offline/sender';
import { sendWithoutPage } from './background';
import { asSent, bodyOf, deliver, LOCK, type Way } from './delivery';
import { type Draft, draftOf, drafts, type KeptPhoto, photosOf, type Sent, saveDraft, savePhoto } from './store';

/** What became of the last attempt of each waiting draft. */
export interface Waiting {
  draft: Draft;
  photos: number;
  /** "waiting" for the network; "refused": somebody has to look at it. */
  state: 'waiting' | 'sending' | 'refused';
  why: string;
}

export const waiting = signal<Waiting[]>([]);
/** Counts up when a report has gone out, from whichever draft. */
export const gone = signal(0);

const FOREVER = new AbortController().signal;

function note(key: string, part: Partial<Waiting>): void {
  waiting.value = waiting.value.map((one) => (one.draft.key === key ? { ...one, ...part } : one));
}

const way: Way = {
  upload: async ({ blob, name }) => (await uploadPhoto(blob, name, () => undefined, FOREVER)).token,
  create: incidents.create,
};

/** The server threw pending photos away that waited too long: they are sent once more. */
async function forgetTokens(draft: Draft): Promise<void> {
  for (const photo of await photosOf(draft.key)) await savePhoto({ ...photo, token: '' });
  await saveDraft({ ...draft, body: '' });
}

/** Where the device keeps nothing: sends it now, with the photos that are with the server already. */
export async function sendNow(draft: Draft, photos: KeptPhoto[]): Promise<Sent> {
  const ready = photos.filter(({ token }) => token);
  return asSent(draft, await incidents.create(draft.key, bodyOf(draft, ready)));
}

/** Whether to go on with the next one. */
async function attempt(key: string): Promise<boolean> {
  const draft = await draftOf(key);
  if (draft?.state !== 'queued') return true; // another tab has sent it meanwhile
  note(key, { state: 'sending', why: '' });
  try {
    await deliver(draft, way);
    outbox.hurry();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.field === 'photos' && draft.body) {
      await forgetTokens(draft);
      return attempt(key);
    }
    const passing = isPassing(error);
    note(key, { state: passing ? 'waiting' : 'refused', why: error.offline ? '' : `${error.message} ${error.hint}` });
    // Refused as it stands, so it has not become a report: it may be changed again.
    if (!passing) await saveDraft({ ...draft, body: '' });
    return !passing;
  }
}

/** What is queued, all of it in one state but for what was refused. */
async function look(county: string, state: 'waiting' | 'sending'): Promise<void> {
  const queued = (await drafts()).filter((draft) => draft.state === 'queued' && draft.county === county);
  const before = waiting.value;
  // Not there any more: it was sent, by this page, another tab or the worker
  if (before.some(({ draft: { key } }) => !queued.some((one) => one.key === key))) gone.value++;
  waiting.value = await Promise.all(
    queued.map(async (draft) => {
      const known = before.find((one) => one.draft.key === draft.key);
      const photos = (await photosOf(draft.key)).length;
      return known?.state === 'refused' ? { ...known, draft, photos } : { why: '', ...known, draft, photos, state };
    }),
  );
}

const outbox = sender(LOCK, async (county: string) => {
  void sendWithoutPage(); // it waits for the lock: should this page be closed on the way, the worker goes on
  await look(county, 'sending'); // at once: nobody reads "waits for the network" before it was tried
  for (const { draft, state } of waiting.value) {
    if (state !== 'refused' && !(await attempt(draft.key))) break;
  }
  await look(county, 'waiting');
  return waiting.value.some(({ state }) => state === 'waiting');
});

/** Sends everything that waits; what cannot go now is tried again later, and at once when the network is back. */
export const sendWaiting = outbox.send;

/** Somebody looked at what was refused and wants it sent once more. */
export async function tryAgain(key: string, county: string): Promise<void> {
  note(key, { state: 'waiting', why: '' });
  outbox.hurry();
  await sendWaiting(county);
}
