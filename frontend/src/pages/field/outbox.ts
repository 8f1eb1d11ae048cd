/**
 * Sends checks exactly once, whenever there is a network: photos, the check, and the order with its reply.
 *
 * Everything has an id made here, and what has arrived is written down at once. When an answer is lost the same goes out
 * again under the same id, and the server keeps one.
 */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { isPassing, sender } from '../../offline/sender';
import { field } from './api';
import { all, refresh } from './checking';
import { checkOf, dropCheck, finish, saveCheck, saveShot, shotsOf } from './store';
import { load, taken, trouble } from './tasks';
import type { Check } from './types';

/** The check that is going out. */
export const sending = signal('');
/** Sent ones are shown for a week. */
const SHOWN_MS = 7 * 86_400_000;

/** Refused because the state is another by now; then there is nothing left to do. */
const isOver = (error: unknown) => error instanceof ApiError && error.status === 409;

async function handIn(check: Check, photos: number[]): Promise<string> {
  try {
    await field.sign(check.order).catch((error) => {
      if (!isOver(error)) throw error; // it was signed before
    });
    await field.submit(check.order, check.note, photos);
    return '';
  } catch (error) {
    if (!(error instanceof ApiError) || isPassing(error) || error.status === 401) throw error;
    return isOver(error) ? '' : error.message;
  }
}

async function deliver(check: Check): Promise<void> {
  const photos: number[] = [];
  for (const shot of await shotsOf(check.key)) {
    if (!shot.photo) {
      shot.photo = await field.photo(check.point, shot);
      await saveShot(shot);
    }
    photos.push(shot.photo);
  }
  const now = { ...check, isDelivered: true, trouble: '' };
  if (!check.isDelivered) {
    await field.check(check);
    await saveCheck(now);
  }
  const why = check.handsIn ? await handIn(check, photos) : '';
  // The order wants other words: the check itself is there, its photos stay for the reply.
  if (why) await saveCheck({ ...now, trouble: why });
  else await finish({ ...now, state: 'sent' });
}

/** Whether to go on with the next one. */
async function attempt(key: string): Promise<boolean> {
  const check = await checkOf(key);
  if (check?.state !== 'queued') return true; // another tab has sent it meanwhile
  sending.value = key;
  try {
    await deliver(check);
    outbox.hurry();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) trouble.value = 'signIn';
    if (isPassing(error) || error.status === 401) return false;
    await saveCheck({ ...((await checkOf(key)) ?? check), trouble: `${error.message} ${error.hint}`.trim() });
    return true;
  } finally {
    sending.value = '';
    await refresh();
  }
}

const due = () => all.value.filter(({ state, trouble: why }) => state === 'queued' && !why);

const outbox = sender('field-outbox', async (_person: string) => {
  await refresh();
  if (!due().length) return false;
  try {
    const user = await field.session(); // the token for writes; and whose telephone it is now
    if (user?.username !== taken.peek()?.person.username) {
      trouble.value = user ? 'foreign' : 'signIn';
      return false;
    }
  } catch (error) {
    if (error instanceof ApiError && isPassing(error)) return true;
    throw error;
  }
  for (const { key } of due().reverse()) if (!(await attempt(key))) break;
  if (!due().length) void load();
  return due().length > 0 && trouble.peek() !== 'signIn';
});

export const sendAll = () => outbox.send(taken.peek()?.person.username ?? '');

/** Somebody looked at what was refused and wants it sent once more, with other words for the order. */
export async function again(check: Check, note = check.note): Promise<void> {
  await saveCheck({ ...check, note, trouble: '' });
  outbox.hurry();
  await sendAll();
}

/** At start, and whenever the network is back. */
export async function watchOutbox(): Promise<void> {
  addEventListener('online', () => {
    outbox.hurry();
    void load().then(sendAll);
  });
  await refresh();
  for (const { key, state, at } of all.peek()) {
    if (state === 'sent' && Date.now() - at > SHOWN_MS) await dropCheck(key);
  }
  await sendAll();
}
