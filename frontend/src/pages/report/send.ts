/** From the last step to the receipt. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { say } from '../../core/ui/toast';
import { draft, enqueue, keepNow, reopen, startOver } from './draft';
import { gone, sendNow, sendWaiting, tryAgain, type Waiting, waiting } from './outbox';
import { clearPictures, loadPictures, pictures } from './photos';
import { candidate } from './place';
import { goToStep } from './steps';
import { dropDraft, dropSent, type Sent, saveSent, sent } from './store';
import { r } from './words';

/** A receipt that was seen is taken off the device after a day: it holds the tracking code. */
const SEEN_FOR_MS = 86_400_000;

/** Receipts that nobody has put away, newest first. */
export const receipts = signal<Sent[]>([]);
export const submitting = signal(false);
/** What the server did not accept, and of which input. */
export const trouble = signal<{ field: string; why: string } | null>(null);

export async function loadReceipts(): Promise<void> {
  const all = (await sent().catch(() => [])).filter(({ county }) => county === boot.county);
  const old = all.filter(({ seen }) => seen && Date.now() - seen > SEEN_FOR_MS);
  for (const { key } of old) await dropSent(key);
  receipts.value = all.filter((one) => !old.includes(one)).sort((a, b) => b.at - a.at);
}

/** Called when a receipt is on the screen. */
export function seen(one: Sent): void {
  if (!one.seen) void saveSent({ ...one, seen: Date.now() }).catch(() => undefined);
}

export async function putAway({ key }: Sent): Promise<void> {
  receipts.value = receipts.value.filter((one) => one.key !== key);
  await dropSent(key).catch(() => undefined);
}

async function withoutStorage(): Promise<void> {
  try {
    const photos = pictures.value.map(({ photo }) => photo);
    receipts.value = [await sendNow(draft.value, photos), ...receipts.value];
    await startOver();
    goToStep('sent');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = { field: error.field, why: error.offline ? r.notKeptOffline : error.message };
    say(trouble.value.why);
  }
}

export async function submit(): Promise<void> {
  submitting.value = true;
  trouble.value = null;
  try {
    if (!(await enqueue())) return await withoutStorage();
    clearPictures();
    candidate.value = null;
    goToStep('sent');
    await sendWaiting(boot.county);
  } finally {
    submitting.value = false;
  }
}

/** Looks after what waits: at start, when the network is back, and after each report that went out. */
export function watchOutbox(): void {
  const send = () => void sendWaiting(boot.county).catch(() => undefined);
  addEventListener('online', send);
  gone.subscribe(() => void loadReceipts());
  send();
}

/** Takes a waiting report back into the form. What was begun meanwhile is kept as a draft. */
export async function change(one: Waiting): Promise<void> {
  await keepNow();
  await reopen(one.draft);
  waiting.value = waiting.value.filter(({ draft: { key } }) => key !== one.draft.key);
  trouble.value = one.why ? { field: '', why: one.why } : null;
  await loadPictures();
  goToStep('what');
}

export async function discard(one: Waiting): Promise<void> {
  await dropDraft(one.draft.key);
  waiting.value = waiting.value.filter(({ draft: { key } }) => key !== one.draft.key);
}

export const again = (one: Waiting) => void tryAgain(one.draft.key, boot.county);

/** Begins another report. */
export async function another(): Promise<void> {
  clearPictures();
  await startOver();
  goToStep('where');
}
