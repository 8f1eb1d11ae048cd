/** Several photos on their way: matched by position first, then sent one by one, each with a result of its own. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { projects } from './api';
import { saves } from './list';
import type { Proposal } from './types';
import { m } from './words';

/** What the server reads to find the position: the head of the file holds its EXIF. */
const HEAD_BYTES = 262_144;

export interface Item {
  file: File;
  url: string;
  proposal: Proposal | null;
  project: string;
  caption: string;
  taken_on: string;
  moment: string;
  confirmed: boolean;
  state: 'waiting' | 'sending' | 'saved' | 'refused';
  why: string;
}

export const items = signal<Item[]>([]);
export const matching = signal(false);

export function change(item: Item, part: Partial<Item>): void {
  items.value = items.value.map((other) => (other === item ? { ...item, ...part } : other));
}

export function drop(item: Item): void {
  URL.revokeObjectURL(item.url);
  items.value = items.value.filter((other) => other !== item);
}

/** Farther than 500 m from the chosen project, as far as the server could tell. */
export function farness({ proposal, project }: Item): number | null {
  const off = proposal?.candidates
    .concat(proposal.project ?? [])
    .find((one) => String(one.project_id) === project)?.off_m;
  return off !== undefined && off > 500 ? off : null;
}

/** Why an item cannot be sent yet; empty when it can. */
export function missing(item: Item): string {
  if (!item.project) return m.photoChooseProject;
  if (farness(item) !== null && !item.confirmed) return m.photoFarConfirm;
  return item.taken_on ? '' : m.photoTaken;
}

async function match(added: Item[], fixed: string): Promise<void> {
  matching.value = true;
  try {
    const heads = added.map(({ file }) => new File([file.slice(0, HEAD_BYTES)], file.name, { type: file.type }));
    const { items: found } = await projects.matchPhotos(heads);
    items.value = items.value.map((item) => {
      const proposal = found[added.indexOf(item)];
      if (!proposal) return item;
      const project = fixed || (proposal.project ? String(proposal.project.project_id) : '');
      return { ...item, proposal, project, taken_on: proposal.taken_on ?? item.taken_on };
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Without an answer the person chooses the project; the upload itself checks the position again.
  } finally {
    matching.value = false;
  }
}

/** Takes files in; `fixed` is the project they are for, empty to find it out. */
export async function take(files: File[], fixed: string): Promise<void> {
  const added = files.map<Item>((file) => ({
    file,
    url: URL.createObjectURL(file),
    proposal: null,
    project: fixed,
    caption: '',
    taken_on: '',
    moment: 'during',
    confirmed: false,
    state: 'waiting',
    why: '',
  }));
  items.value = [...items.value, ...added];
  if (added.length) await match(added, fixed);
}

async function sendOne(item: Item): Promise<Partial<Item>> {
  const { caption, taken_on, moment, confirmed } = item;
  const fields = { caption, alt: caption, taken_on, moment, confirm_far: confirmed ? 'true' : '' };
  try {
    const { refused } = await projects.addPhoto(item.project, item.file, fields);
    const said = refused[0];
    return said ? { state: 'refused', why: `${said.message} ${said.hint ?? ''}`.trim() } : { state: 'saved', why: '' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { state: 'refused', why: error.offline ? t.offline : error.message };
  }
}

/** Sends what is ready; says in one sentence what became of it. */
export async function sendAll(): Promise<string> {
  const total = items.value.length;
  const bad: number[] = [];
  for (let index = 0; index < total; index++) {
    const item = items.value[index];
    if (!item || item.state === 'saved') continue;
    if (missing(item)) {
      bad.push(index + 1);
      continue;
    }
    change(item, { state: 'sending', why: '' });
    const result = await sendOne(item);
    const now = items.value[index];
    if (now) change(now, result);
    if (result.state === 'refused') bad.push(index + 1);
  }
  saves.value++;
  const saved = items.value.filter(({ state }) => state === 'saved').length;
  return bad.length ? m.photosSome(m.photoBadList(bad.join('、')), saved) : m.photosDone(saved);
}

export function clearSaved(): void {
  for (const item of items.value.filter(({ state }) => state === 'saved')) drop(item);
}
