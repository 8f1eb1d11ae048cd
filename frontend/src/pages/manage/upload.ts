/** Several photos on their way: matched by position first, then sent one by one, each with a result of its own. */

import { computed, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { projects } from './api';
import type { Guarded } from './form';
import { saves } from './list';
import type { Proposal } from './types';
import { m } from './words';

/** What the server reads to find the position: the head of the file holds its EXIF. */
const HEAD_BYTES = 262_144;
/** Photos of one question about positions; the server takes thirty. */
const AT_ONCE = 20;
export const FAR_M = 500;

export interface Item {
  /** Counted from 1 in the order they were chosen; keeps its value while others go. */
  number: number;
  file: File;
  url: string;
  proposal: Proposal | null;
  project: string;
  caption: string;
  taken_on: string;
  moment: string;
  /** The server found it too far from the site, when the page could not know. */
  refusedFar: boolean;
  confirmed: boolean;
  state: 'waiting' | 'sending' | 'saved' | 'refused';
  why: string;
}

/** What became of the last sending, in one sentence; stays until the next. */
export interface Result {
  text: string;
  isClean: boolean;
}

export const items = signal<Item[]>([]);
export const matching = signal(false);
export const result = signal<Result | null>(null);
/** Whether leaving would lose photos that are not sent. */
export const unsent: Guarded = { dirty: computed(() => items.value.some(({ state }) => state !== 'saved')) };

let counted = 0;

export function change(number: number, part: Partial<Item>): void {
  items.value = items.value.map((item) => (item.number === number ? { ...item, ...part } : item));
}

/** Takes items off the list, and their pictures out of memory. */
export function drop(gone: (item: Item) => boolean): void {
  for (const item of items.value) if (gone(item)) URL.revokeObjectURL(item.url);
  items.value = items.value.filter((item) => !gone(item));
  if (!items.value.length) counted = 0;
}

export const isSaved = ({ state }: Item): boolean => state === 'saved';

/** Metres from the chosen project, as far as the server has said; null when it is near or unknown. */
export function farness({ proposal, project }: Item): number | null {
  const known = proposal?.candidates.concat(proposal.project ?? []);
  const off = known?.find((one) => String(one.project_id) === project)?.off_m;
  return off !== undefined && off > FAR_M ? off : null;
}

export const isFar = (item: Item): boolean => item.refusedFar || farness(item) !== null;

/** Why an item cannot be sent yet; empty when it can. */
export function missing(item: Item): string {
  if (!item.project) return item.proposal?.has_position === false ? m.photoNoPosition : m.photoNeedsProject;
  if (isFar(item) && !item.confirmed) return m.photoNeedsConfirm;
  return item.taken_on ? '' : m.photoNeedsDate;
}

async function match(added: Item[], fixed: string): Promise<void> {
  const heads = added.map(({ file }) => new File([file.slice(0, HEAD_BYTES)], file.name, { type: file.type }));
  const { items: found } = await projects.matchPhotos(heads);
  for (const [index, proposal] of found.entries()) {
    const number = added[index]?.number ?? 0;
    const now = items.value.find((item) => item.number === number);
    if (!now) continue;
    const project = fixed || now.project || (proposal.project ? String(proposal.project.project_id) : '');
    change(number, { proposal, project, taken_on: proposal.taken_on ?? now.taken_on });
  }
}

/** Takes files in; `fixed` is the project they are for, empty to find it out. */
export async function take(files: File[], fixed: string): Promise<void> {
  result.value = null;
  const added = files.map<Item>((file) => ({
    number: ++counted,
    file,
    url: URL.createObjectURL(file),
    proposal: null,
    project: fixed,
    caption: '',
    taken_on: '',
    moment: 'during',
    refusedFar: false,
    confirmed: false,
    state: 'waiting',
    why: '',
  }));
  items.value = [...items.value, ...added];
  matching.value = true;
  try {
    for (let at = 0; at < added.length; at += AT_ONCE) await match(added.slice(at, at + AT_ONCE), fixed);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Without an answer the person chooses the project; the upload itself checks the position again.
  } finally {
    matching.value = false;
  }
}

const refusal = (code: string, why: string): Partial<Item> => ({
  state: 'refused',
  why,
  ...(code === 'far_from_site' && { refusedFar: true }),
});

async function sendOne({ caption, taken_on, moment, confirmed, project, file }: Item): Promise<Partial<Item>> {
  const fields = { caption, alt: caption, taken_on, moment, confirm_far: confirmed ? 'true' : '' };
  try {
    const { refused } = await projects.addPhoto(project, file, fields);
    const said = refused[0];
    return said ? refusal(said.code, `${said.message} ${said.hint ?? ''}`.trim()) : { state: 'saved', why: '' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refusal(error.code, error.offline ? t.offline : error.message);
  }
}

/** Sends what is ready, and says what became of all of them. */
export async function sendAll(): Promise<void> {
  result.value = null;
  const open = items.value.filter((item) => !isSaved(item)).map(({ number }) => number);
  for (const number of open) {
    const item = items.value.find((one) => one.number === number);
    if (!item) continue;
    const lacks = missing(item);
    if (lacks) {
      change(number, { state: 'refused', why: lacks });
      continue;
    }
    change(number, { state: 'sending', why: '' });
    change(number, await sendOne(item));
  }
  saves.value++;
  const sent = items.value.filter(({ number }) => open.includes(number));
  const bad = sent.filter((item) => !isSaved(item)).map(({ number }) => number);
  const saved = sent.length - bad.length;
  result.value = { text: bad.length ? m.photosSome(bad, saved) : m.photosDone(saved), isClean: !bad.length };
}
