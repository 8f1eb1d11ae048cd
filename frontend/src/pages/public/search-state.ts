/** What is being searched for. Apart from the search box and from what answers it, because that is loaded later. */

import { signal } from '@preact/signals';
import type { SearchResult } from '../../core/types';

export interface Found {
  /** What was searched for; empty while the list is closed. */
  query: string;
  heading: string;
  results: SearchResult[];
  failed: string;
}

export const CLOSED: Found = { query: '', heading: '', results: [], failed: '' };
export const found = signal<Found>(CLOSED);
/** What stands in the box. */
export const text = signal('');
/** Which result the arrow keys have reached; -1 for none. */
export const at = signal(-1);
