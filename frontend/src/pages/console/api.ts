/** Every address the console reads or writes. */

import { getJson, type Query, send } from '../../core/api';
import { boot } from '../../core/boot';
import type { Schemas } from '../../core/types';
import type { Counts, Inbox, Order, OrderPage, Outcome, Page, Report, SavedFilter } from './types';

const write = <T>(path: string, body: unknown = {}, headers = {}) =>
  send<T>('POST', path, body, boot.csrf, {}, headers);

export const desk = {
  list: (query: Query, signal?: AbortSignal) => getJson<Page>('/api/incidents/desk/', query, signal),
  counts: (signal?: AbortSignal) => getJson<Counts>('/api/incidents/desk/counts', {}, signal),
  options: () => getJson<Schemas['DeskOptionsShape']>('/api/incidents/desk/options'),
  get: (id: number | string, signal?: AbortSignal) => getJson<Report>(`/api/incidents/desk/${id}`, {}, signal),
  act: (id: number, move: string, body: object) => write<Report>(`/api/incidents/desk/${id}:${move}`, body),
  acceptMany: (ids: number[], to: { unit?: number; usual_unit?: boolean }) =>
    write<{ items: Outcome[] }>('/api/incidents/desk/bulk:accept', { ids, ...to }),
  contact: (id: number) => write<{ name: string; phone: string; email: string }>(`/api/incidents/desk/${id}:contact`),
  create: (key: string, body: object) =>
    write<{ number: string; code: string }>('/api/incidents/desk/', body, { 'Idempotency-Key': key }),
  /** The key of a report that people call by its number; null when it is none of the viewer's. */
  find: async (number: string) =>
    (await desk.list({ queue: 'all', q: number })).items.find((row) => row.number === number)?.id ?? null,
  photo: (id: number, photo: number, body: object) => write<Report>(`/api/incidents/desk/${id}/photos/${photo}`, body),
};

export const orders = {
  list: (query: Query, signal?: AbortSignal) => getJson<OrderPage>('/api/orders/', query, signal),
  get: (id: number | string, signal?: AbortSignal) => getJson<Order>(`/api/orders/${id}`, {}, signal),
  options: () => getJson<Schemas['OrderOptionsShape']>('/api/orders/options'),
  act: (id: number, move: string, body: object) => write<Order>(`/api/orders/${id}:${move}`, body),
  bulk: (move: string, ids: number[], fields: object) =>
    write<{ items: Outcome[] }>('/api/orders/bulk', { move, ids, fields }),
  supervision: (id: number, act: 'read' | 'answer', body: object) => write(`/api/supervisions/${id}:${act}`, body),
};

export const inbox = {
  list: (signal?: AbortSignal) => getJson<Inbox>('/api/inbox/', {}, signal),
  read: (id: number) => write<void>(`/api/inbox/${id}:read`),
};

export const savedFilters = {
  list: () => getJson<{ items: SavedFilter[] }>('/api/saved-filters/'),
  put: (items: SavedFilter[]) => send<{ items: SavedFilter[] }>('PUT', '/api/saved-filters/', { items }, boot.csrf),
};

/** Takes a file of staff in; the answer's number is what replies name. */
function upload(path: string, file: File, fields: Record<string, string> = {}): Promise<{ id: number }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file.name);
  return write(path, form);
}

export const uploadEvidence = (file: File, alt: string) => upload('/api/photos/', file, { alt });
/** A document for the reply to an order: unseen until the reply has it. */
export const uploadDocument = (order: number, file: File) => upload(`/api/orders/${order}/documents`, file);
