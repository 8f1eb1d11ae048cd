/** How a difference from the plan is told, points; the rule of the public page's board. */

import { EVEN_POINTS, LATE_POINTS } from '../../core/difference';
import { number } from '../../core/format';
import { k } from './words';

export interface Told {
  mark: string;
  tone: 'late' | 'soon' | 'pause' | 'done';
  text: string;
}

export function told(difference: number): Told {
  const size = number(Math.round(Math.abs(difference)));
  if (difference < -LATE_POINTS) return { mark: 'late', tone: 'late', text: k.behind(size) };
  if (difference <= -EVEN_POINTS) return { mark: 'soon', tone: 'soon', text: k.behind(size) };
  return { mark: 'ok', tone: 'done', text: difference < EVEN_POINTS ? k.even : k.ahead(size) };
}

/** "+3", "−8", "±0": whole points, to be read from afar. */
export function signed(points: number): string {
  const size = Math.round(Math.abs(points));
  return size ? `${points > 0 ? '+' : '−'}${number(size)}` : '±0';
}
