/**
 * One answer of the server that is asked for again and again, and kept when there is none: a wall never turns into an
 * error. Asked for without cookies: a hall is full of strangers, whoever is signed in on that machine.
 */

import { type Signal, signal } from '@preact/signals';
import { address, type Query } from '../../core/api';
import { after, now } from './clock';

/** How old what is on the screen may grow. */
export const FRESH_MS = 180_000;
/** After a failure it is asked for again sooner. */
const RETRY_MS = 30_000;
const GIVE_UP_MS = 20_000;

export interface Known<T> {
  data: T | null;
  /** When the server said so, ms since 1970; 0 = never. */
  at: number;
  /** Whether it could not be had the last time. */
  failed: boolean;
}

export class Feed<T> {
  readonly known: Signal<Known<T>> = signal({ data: null, at: 0, failed: false });
  private readonly url: string;
  private etag = '';
  private asked: Promise<void> | undefined;
  private asking = false;
  private next = 0;

  constructor(path: string, query: Query = {}) {
    this.url = address(path, query);
  }

  /** Asks the server, unless it is being asked or was a moment ago. */
  refresh(): Promise<void> {
    if (!this.asked || (!this.asking && now() >= this.next)) this.asked = this.load();
    return this.asked;
  }

  private async load(): Promise<void> {
    this.asking = true;
    try {
      await this.ask();
      this.next = now() + FRESH_MS;
    } catch {
      // No network, or the server is ill: what is known stays, and says how old it is.
      this.known.value = { ...this.known.value, failed: true };
      this.next = now() + RETRY_MS;
    } finally {
      this.asking = false;
    }
  }

  private async ask(): Promise<void> {
    const giveUp = new AbortController();
    const cancel = after(GIVE_UP_MS, () => giveUp.abort());
    const headers: Record<string, string> = this.etag ? { 'If-None-Match': this.etag } : {};
    try {
      const answer = await fetch(this.url, { credentials: 'omit', headers, signal: giveUp.signal });
      // The service worker of the public page answers from its copies when there is no network.
      const kept = Number(answer.headers.get('x-kept-at'));
      if (answer.status === 304) {
        this.known.value = { ...this.known.value, at: Date.now(), failed: false };
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const data = (await answer.json()) as T;
      this.etag = answer.headers.get('etag') ?? '';
      this.known.value = { data, at: kept || Date.now(), failed: kept > 0 };
    } finally {
      cancel();
    }
  }

  get data(): T | null {
    return this.known.value.data;
  }
}
