/** The only module that talks to the server. Every answer is JSON, a vector tile, or an error in one shape. */

import { signal } from '@preact/signals';
import { boot } from './boot';

export type Query = Record<string, string | number | undefined>;

/** A refused or failed request, with the sentence the server wrote for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  /** Which input is to blame; empty when none is. */
  readonly field: string;

  constructor(status: number, code: string, message: string, hint = '', field = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.field = field;
  }

  /** No answer at all: the network, not the server, is to blame. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Address of a resource with the county in it (and the language, unless the answer has none). */
export function address(path: string, query: Query = {}, localised = true): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  if (boot.county) params.set('county', boot.county);
  if (localised) params.set('lang', boot.lang);
  return `${path}?${params}`;
}

async function refusal(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as {
      code?: string;
      message?: string;
      hint?: string;
      field?: string;
    };
    return new ApiError(response.status, body.code ?? 'error', body.message ?? '', body.hint ?? '', body.field ?? '');
  } catch {
    return new ApiError(response.status, 'error', '');
  }
}

/** When the oldest of what the page shows was kept, while there is no network: the service worker says so. */
export const keptAt = signal(0);

function noteAge(response: Response): void {
  const at = Number(response.headers.get('x-kept-at'));
  if (at && (!keptAt.value || at < keptAt.value)) keptAt.value = at;
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: boot.embed ? 'omit' : 'same-origin', ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError(0, 'offline', '');
  }
  if (!response.ok) throw await refusal(response);
  noteAge(response);
  return response;
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await request(address(path, query), signal ? { signal } : {});
  return (await response.json()) as T;
}

/** Bytes of a tile; empty for 204. */
export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await request(address(path, {}, false), signal ? { signal } : {});
  return response.arrayBuffer();
}

/** Sends JSON (or a form with files) with the CSRF token the session gave, and `more` headers. */
export async function send<T>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  csrf: string,
  query: Query = {},
  more: Record<string, string> = {},
): Promise<T> {
  const form = body instanceof FormData;
  const headers: Record<string, string> = { 'X-CSRFToken': csrf, ...more };
  if (!form) headers['Content-Type'] = 'application/json';
  const response = await request(address(path, query), { method, headers, body: form ? body : JSON.stringify(body) });
  return (response.status === 204 ? undefined : await response.json()) as T;
}
