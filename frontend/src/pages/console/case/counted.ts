/** How a due time was counted, in one sentence. */

import type { Order } from '../types';
import { c } from '../words';

/** From the history: the length that was given at the start, and every step that moved the due time. */
export function countedOf({ history }: Order): string {
  const length = history.find(({ move }) => move === 'open')?.data?.workdays;
  const moved = history.filter(({ move, data }) => move !== 'open' && move !== 'assign' && data && 'due' in data);
  return [typeof length === 'number' && c.workdays(length), ...moved.map(({ title }) => title)]
    .filter(Boolean)
    .join('，');
}
