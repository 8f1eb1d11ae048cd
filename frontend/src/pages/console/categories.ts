/** The kinds of matters, learnt once a page. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { incidents } from '../../incidents/api';
import type { Category } from '../../incidents/types';

export const categories = signal<Category[]>([]);

/** What people call a kind; its code until that is known. */
export const categoryTitle = (code: string): string => categories.value.find((one) => one.code === code)?.title ?? code;

export async function learnCategories(): Promise<void> {
  if (categories.peek().length) return;
  try {
    categories.value = (await incidents.categories()).categories;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the next form asks again
  }
}
