/** What the public will see of the place, by the category. */

import { computed } from '@preact/signals';
import type { Category } from '../../incidents/types';
import { categories } from './categories';
import { draft } from './draft';
import { r } from './words';

const chosen = computed<Category | undefined>(() => categories.value.find(({ code }) => code === draft.value.category));

/** Metres around the pin that the public cannot tell apart; 0 when the point itself is shown, or nothing. */
export const areaOf = (): number => (chosen.value?.is_sensitive ? 0 : (chosen.value?.precision_m ?? 0) / 2);

export function placePromise(): string {
  const { value: kind } = chosen;
  if (!kind) return r.placePrivate;
  if (kind.is_sensitive) return r.placeNever;
  return kind.precision_m ? r.placeCell(kind.precision_m) : r.placeExact;
}

export { chosen };
