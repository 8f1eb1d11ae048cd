/** The reports' addresses, as citizens use them. */

import { ApiError, address, getJson, send } from '../core/api';
import { boot } from '../core/boot';
import type { Category, Proposals, Receipt, ReportBody, Similar, UploadedPhoto } from './types';

const enc = encodeURIComponent;

/** `crypto.randomUUID` wants an encrypted address; its random numbers do not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const incidents = {
  categories: () => getJson<{ categories: Category[] }>('/api/incidents/categories'),
  proposals: (text: string) => send<Proposals>('POST', '/api/incidents/proposals', { text }, boot.csrf),
  similar: (lon: number, lat: number, text: string, category: string, signal?: AbortSignal) =>
    getJson<{ items: Similar[] }>(
      '/api/incidents/similar',
      { lon: lon.toFixed(6), lat: lat.toFixed(6), text: text.slice(0, 200), category },
      signal,
    ),
  /** The same `key` with the same body is answered with the same report, however often it is sent. */
  create: (key: string, body: ReportBody) =>
    send<Receipt>('POST', '/api/incidents/', body, boot.csrf, {}, { 'Idempotency-Key': key }),
  follow: (number: string, email = '') =>
    send<{ followers: number }>('POST', `/api/incidents/${enc(number)}:follow`, email ? { email } : {}, boot.csrf),
};

async function refusalOf(request: XMLHttpRequest): Promise<ApiError> {
  try {
    const { code, message, hint } = JSON.parse(request.responseText) as Record<string, string>;
    return new ApiError(request.status, code ?? 'error', message ?? '', hint ?? '');
  } catch {
    return new ApiError(request.status, 'error', '');
  }
}

/** Sends one photo; `fetch` cannot say how far it has come, therefore the older way. `progress` is from 0 to 1. */
export function uploadPhoto(
  file: Blob,
  name: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadedPhoto> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address('/api/incidents/photos'));
    request.setRequestHeader('X-CSRFToken', boot.csrf);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as UploadedPhoto);
      else void refusalOf(request).then(reject);
    };
    request.onerror = () => reject(new ApiError(0, 'offline', ''));
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file, name);
    request.send(form);
  });
}
