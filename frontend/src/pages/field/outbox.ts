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
import { isReached, load, now, taken, trouble } from './tasks';
import type { Check } from './types';
import { w } from './words';

/** The check that is going out. */
export const sending = signal('');
/** A telephone that thinks itself connected says nothing when it is so in fact. */
const LOOK_AGAIN_MS = 30_000;
/** Sent ones are shown for a week. */
const SHOWN_MS = 7 * 86_400_000;

/** Refused because the state is another by now; then there is nothing left to do. */
const isOver = (error: unknown) => error instanceof ApiError && error.status === 409;

/** Why something was refused: never nothing, also where something on the way answered instead of the server. */
const wordsOf = ({ message, hint, status }: ApiError) => `${message} ${hint}`.trim() || w.refused(status);

/** Another check of the order that was not taken: the order would go in without it. */
const refusedBeside = ({ key, order }: Check) =>
  all.peek().find((one) => one.order === order && one.key !== key && one.trouble && !one.isDelivered);

/** Why the order does not take the reply; null where the order has gone on without it. */
async function handIn(check: Check, photos: number[]): Promise<string | null> {
  const stuck = refusedBeside(check);
  if (stuck) return w.orderWaits(stuck.number);
  try {
    await field.sign(check.order).catch((error) => {
      if (!isOver(error)) throw error; // it was signed before
    });
    await field.submit(check.order, check.note, photos);
    return '';
  } catch (error) {
    if (!(error instanceof ApiError) || isPassing(error) || error.status === 401) throw error;
    return isOver(error) ? null : wordsOf(error);
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
  const arrived = { ...check, isDelivered: true, trouble: '' };
  if (!check.isDelivered) {
    await field.check(check);
    await saveCheck(arrived);
  }
  const why = check.handsIn ? await handIn(check, photos) : '';
  // The order wants other words: the check itself is there, its photos stay for the reply.
  if (why) await saveCheck({ ...arrived, trouble: why });
  else await finish({ ...arrived, state: 'sent', handsIn: Boolean(check.handsIn) && why === '' });
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
    await saveCheck({ ...((await checkOf(key)) ?? check), trouble: wordsOf(error) });
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
    isReached.value = true;
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

/** There may be a network again. */
export async function reconnect(): Promise<void> {
  outbox.hurry();
  await load();
  await sendAll();
}

/** At start, whenever the network is back, and now and then while a page in sight reaches nothing. */
export async function watchOutbox(): Promise<void> {
  addEventListener('online', () => void reconnect());
  const lookAgain = () => {
    if (!document.hidden && !isReached.peek()) void reconnect();
  };
  document.addEventListener('visibilitychange', lookAgain);
  setInterval(lookAgain, LOOK_AGAIN_MS);
  await refresh();
  for (const { key, state, at } of all.peek()) {
    if (state === 'sent' && now() - at > SHOWN_MS) await dropCheck(key);
  }
  await sendAll();
}
