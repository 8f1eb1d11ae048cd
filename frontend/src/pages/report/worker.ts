/**
 * Sends reports that wait on this device while no form is open. The browser wakes it when there is a network, and again
 * later when it fails.
 */

/// <reference lib="webworker" />

import type { Receipt } from '../../incidents/types';
import { deliver, LOCK, type Way } from './delivery';
import { drafts } from './store';

const scope = self as unknown as ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

class Refused extends Error {
  readonly isPassing: boolean;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.isPassing = status === 429 || status >= 500;
  }
}

/** Nobody is signed in here, whoever is in the pages. */
async function post<T>(path: string, county: string, body: BodyInit, headers: HeadersInit = {}): Promise<T> {
  const address = `${path}?county=${encodeURIComponent(county)}`;
  const response = await fetch(address, { method: 'POST', credentials: 'omit', body, headers });
  if (!response.ok) throw new Refused(response.status);
  return (await response.json()) as T;
}

function wayOf(county: string): Way {
  return {
    upload: async ({ blob, name }) => {
      const form = new FormData();
      form.append('file', blob, name);
      return (await post<{ token: string }>('/api/incidents/photos', county, form)).token;
    },
    create: (key, body) =>
      post<Receipt>('/api/incidents/', county, JSON.stringify(body), {
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      }),
  };
}

async function sendAll(): Promise<void> {
  for (const draft of await drafts()) {
    if (draft.state !== 'queued' || draft.signedIn) continue;
    try {
      await deliver(draft, wayOf(draft.county));
    } catch (error) {
      // What is refused waits for its writer, who reads why in the form; without network the browser tries again
      if (!(error instanceof Refused) || error.isPassing) throw error;
    }
  }
}

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('sync', (event) => (event as SyncEvent).waitUntil(scope.navigator.locks.request(LOCK, sendAll)));
