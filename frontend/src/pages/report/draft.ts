/** The draft somebody is writing. Every change is on the device a moment later. */

import { computed, signal } from '@preact/signals';
import { boot } from '../../core/boot';
import { newKey } from '../../incidents/api';
import { type Draft, drafts, dropDraft, saveDraft } from './store';

const SAVE_AFTER_MS = 300;

/** Where the draft itself is: on the device, on its way there, or (storage switched off) only on this page. */
export type Kept = 'no' | 'yes' | 'never';

function fresh(): Draft {
  return {
    key: newKey(),
    county: boot.county,
    state: 'editing',
    body: '',
    changed: 0,
    signedIn: false,
    from: '',
    spot: null,
    address: '',
    text: '',
    category: '',
    chosen: false,
    attributes: {},
    others: [],
    confidence: 'named',
    name: '',
    phone: '',
    email: '',
  };
}

export const draft = signal<Draft>(fresh());
export const saved = signal<Kept>('no');
/** Whether the draft was found on the device when the page opened. */
export const resumed = signal(false);
export const isBlank = computed(() => !draft.value.text && !draft.value.spot);

let timer: ReturnType<typeof setTimeout> | undefined;

async function save(): Promise<void> {
  clearTimeout(timer);
  try {
    await saveDraft(draft.value);
    saved.value = 'yes';
  } catch {
    saved.value = 'never';
  }
}

export function edit(part: Partial<Draft>): void {
  draft.value = { ...draft.value, ...part, changed: Date.now() };
  if (saved.value === 'yes') saved.value = 'no';
  clearTimeout(timer);
  timer = setTimeout(() => void save(), SAVE_AFTER_MS);
}

/** Saves at once what waits to be saved: photos belong to a draft that is there. */
export const keepNow = save;

/** Goes on with what was begun, or begins. */
export async function begin(): Promise<void> {
  try {
    const mine = (await drafts()).filter(({ county, state }) => county === boot.county && state === 'editing');
    const last = mine.sort((a, b) => b.changed - a.changed)[0];
    if (last) {
      draft.value = last;
      resumed.value = Boolean(last.text);
    }
    saved.value = last ? 'yes' : 'no';
  } catch {
    saved.value = 'never';
  }
}

/** Puts the draft away without sending it, and begins another. */
export async function startOver(): Promise<void> {
  clearTimeout(timer);
  await dropDraft(draft.value.key).catch(() => undefined);
  draft.value = fresh();
  resumed.value = false;
}

/** Hands the draft over to the outbox; from now on it is not edited. False: the device keeps nothing. */
export async function enqueue(): Promise<boolean> {
  const mine = draft.value;
  draft.value = { ...mine, state: 'queued', changed: Date.now(), signedIn: Boolean(boot.me) };
  await save();
  if (saved.value !== 'yes') {
    draft.value = mine;
    return false;
  }
  draft.value = fresh();
  resumed.value = false;
  saved.value = 'no';
  return true;
}

/** Takes a waiting report back for another look; only one that has never been sent out. */
export async function reopen(waiting: Draft): Promise<void> {
  draft.value = { ...waiting, state: 'editing', body: '' };
  await save();
}

addEventListener('pagehide', () => {
  if (timer && saved.value === 'no' && !isBlank.value) void save();
});
