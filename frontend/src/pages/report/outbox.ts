/**
 * Sends what waits on this device, exactly once.
 *
 * A draft is marked as queued before anything is sent, and what is sent is written down before the first attempt. When
 * the connection dies after the server has answered, the same words go out again under the same key, and the server
 * gives the answer that was lost. One sender at a time, also across tabs.
 */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { incidents, uploadPhoto } from '../../incidents/api';
import type { Receipt, ReportBody } from '../../incidents/types';
import {
  type Draft,
  draftOf,
  drafts,
  finish,
  type KeptPhoto,
  photosOf,
  type Sent,
  saveDraft,
  savePhoto,
} from './store';

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

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
/** Characters of the text that tell one report from another. */
const TITLE = 40;
const FOREVER = new AbortController().signal;

let retryIn = FIRST_RETRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

function note(key: string, part: Partial<Waiting>): void {
  waiting.value = waiting.value.map((one) => (one.draft.key === key ? { ...one, ...part } : one));
}

function bodyOf(draft: Draft, photos: KeptPhoto[]): ReportBody {
  const { spot, address, category, attributes, confidence, name, phone, email } = draft;
  if (!spot) throw new ApiError(400, 'no_place', '');
  const hasContact = confidence !== 'anonymous' && Boolean(name || phone || email);
  return {
    lon: Number(spot.lon.toFixed(6)),
    lat: Number(spot.lat.toFixed(6)),
    text: draft.text.trim(),
    photos: photos.map(({ token }) => token),
    confidence,
    ...(spot.accuracy !== undefined && { accuracy_m: Math.round(spot.accuracy) }),
    ...(spot.asset && { asset: { layer: spot.asset.layer, id: spot.asset.id } }),
    ...(address && { address }),
    ...(category && { category }),
    ...(Object.keys(attributes).length && { attributes }),
    ...(hasContact && { contact: { name, phone, email } }),
  };
}

/** Sends the photos the server does not have yet, and remembers each at once. */
async function withTokens(draft: Draft): Promise<KeptPhoto[]> {
  const photos = await photosOf(draft.key);
  for (const photo of photos) {
    if (photo.token) continue;
    photo.token = (await uploadPhoto(photo.blob, photo.name, () => undefined, FOREVER)).token;
    await savePhoto(photo);
  }
  return photos;
}

/** The server threw pending photos away that waited too long: they are sent once more. */
async function forgetTokens(draft: Draft): Promise<void> {
  for (const photo of await photosOf(draft.key)) await savePhoto({ ...photo, token: '' });
  await saveDraft({ ...draft, body: '' });
}

async function deliver(draft: Draft): Promise<void> {
  const body = draft.body || JSON.stringify(bodyOf(draft, await withTokens(draft)));
  if (!draft.body) await saveDraft({ ...draft, body });
  const receipt = await incidents.create(draft.key, JSON.parse(body) as ReportBody);
  await finish(asSent(draft, receipt));
  gone.value++;
}

const asSent = ({ key, county, text }: Draft, receipt: Receipt): Sent => ({
  ...{ key, county, receipt, title: text.trim().slice(0, TITLE), at: Date.now(), seen: 0 },
});

/** Where the device keeps nothing: sends it now, with the photos that are with the server already. */
export async function sendNow(draft: Draft, photos: KeptPhoto[]): Promise<Sent> {
  const ready = photos.filter(({ token }) => token);
  return asSent(draft, await incidents.create(draft.key, bodyOf(draft, ready)));
}

const isPassing = ({ status, offline }: ApiError) => offline || status === 429 || status >= 500;

/** Whether to go on with the next one. */
async function attempt(key: string): Promise<boolean> {
  const draft = await draftOf(key);
  if (draft?.state !== 'queued') return true; // another tab has sent it meanwhile
  note(key, { state: 'sending', why: '' });
  try {
    await deliver(draft);
    retryIn = FIRST_RETRY_MS;
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
  waiting.value = await Promise.all(
    queued.map(async (draft) => {
      const known = before.find((one) => one.draft.key === draft.key);
      const photos = (await photosOf(draft.key)).length;
      return known?.state === 'refused' ? { ...known, draft, photos } : { why: '', ...known, draft, photos, state };
    }),
  );
}

async function sendAll(county: string): Promise<void> {
  await look(county, 'sending'); // at once: nobody reads "waits for the network" before it was tried
  for (const { draft, state } of waiting.value) {
    if (state !== 'refused' && !(await attempt(draft.key))) break;
  }
  await look(county, 'waiting');
}

/** Sends everything that waits; what cannot go now is tried again later, and at once when the network is back. */
export async function sendWaiting(county: string): Promise<void> {
  clearTimeout(timer);
  const work = () => sendAll(county);
  await (navigator.locks ? navigator.locks.request('report-outbox', work) : work());
  if (waiting.value.some(({ state }) => state === 'waiting')) {
    timer = setTimeout(() => void sendWaiting(county), retryIn);
    retryIn = Math.min(LONGEST_RETRY_MS, retryIn * 2);
  }
}

/** Somebody looked at what was refused and wants it sent once more. */
export async function tryAgain(key: string, county: string): Promise<void> {
  note(key, { state: 'waiting', why: '' });
  retryIn = FIRST_RETRY_MS;
  await sendWaiting(county);
}
