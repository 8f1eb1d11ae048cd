/** Kinds of matter: all of them, and what the text proposes. */

import { computed, signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { incidents } from '../../incidents/api';
import type { Category, Proposals } from '../../incidents/types';
import { draft, edit } from './draft';

const ASK_AFTER_MS = 600;
const LEAST = 4;

export const categories = signal<Category[]>([]);
export const proposals = signal<Proposals | null>(null);

const parents = computed(() => new Set(categories.value.map(({ parent }) => parent)));
/** What reports are filed under. */
export const leaves = computed(() => categories.value.filter(({ code }) => !parents.value.has(code)));

/** The way from the top to a category, itself included. */
export function pathOf(code: string): Category[] {
  const own = categories.value.find((one) => one.code === code);
  if (!own) return [];
  return [...(own.parent ? pathOf(own.parent) : []), own];
}

/** Top categories with the leaves below them, in the order of the county. */
export const tree = computed(() =>
  categories.value
    .filter(({ parent }) => !parent)
    .map((top) => ({ top, leaves: leaves.value.filter(({ code }) => pathOf(code)[0]?.code === top.code) }))
    .filter(({ leaves: below }) => below.length),
);

export async function loadCategories(): Promise<void> {
  try {
    categories.value = (await incidents.categories()).categories;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // without them the desk sorts it
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
let asked = '';

function proposed(found: Proposals): void {
  proposals.value = found;
  const { chosen, category } = draft.value;
  const next = found.category?.code ?? '';
  if (!chosen && next !== category) edit({ category: next, attributes: {} });
}

async function propose(text: string): Promise<void> {
  asked = text;
  try {
    const found = await incidents.proposals(text);
    // The answer may come when the draft has been sent and another one begun.
    if (draft.value.text.trim() === text) proposed(found);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // chosen by hand, or by the desk
  }
}

/** The text changed: proposes once the person pauses. */
export function textChanged(): void {
  clearTimeout(timer);
  const text = draft.value.text.trim();
  if (text.length >= LEAST && text !== asked) timer = setTimeout(() => void propose(text), ASK_AFTER_MS);
}
