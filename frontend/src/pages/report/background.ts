/** Has what waits sent by a worker, where the browser can wake one when there is a network (Background Sync). */

import worker from './worker.ts?worker&url';

interface Syncing extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

/** Installs the worker, while there is a network. No page is within its scope: it only sends. */
export async function readyToSend(): Promise<void> {
  if ('SyncManager' in window) await navigator.serviceWorker.register(worker);
}

/** Asks the browser to wake the worker, now or with the next network. Without it, what waits is sent at the next visit. */
export async function sendWithoutPage(): Promise<void> {
  try {
    const known: Syncing | undefined = await navigator.serviceWorker.getRegistration(worker);
    await known?.sync?.register('reports');
  } catch {
    // Switched off by its owner, or not installed yet: the page sends
  }
}
