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
