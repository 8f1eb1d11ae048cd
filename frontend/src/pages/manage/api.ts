/** Every address the staff page reads or writes. */

import { getJson, type Query, send } from '../../core/api';
import { boot } from '../../core/boot';
import type {
  Contact,
  ContactInput,
  FacilityDetail,
  FormOptions,
  Notice,
  Page,
  PhotosStored,
  PointFeature,
  ProgressRow,
  ProgressRowInput,
  ProjectDetail,
  ProjectPhoto,
  Proposal,
  Said,
  Sheet,
} from './types';

type Method = 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const write = <T>(method: Method, path: string, body: unknown = {}) => send<T>(method, path, body, boot.csrf);

export type ProjectFeature = PointFeature<ProjectDetail>;
export type FacilityFeature = PointFeature<FacilityDetail>;
export type Place = { lon: number; lat: number } | null;

/** A GeoJSON feature to send; without a position the geometry is left as it is. */
export function feature(properties: object, place: Place) {
  const geometry = place && { type: 'Point', coordinates: [place.lon, place.lat] };
  return { type: 'Feature', properties, ...(geometry && { geometry }) };
}

function form(files: File[], fields: Record<string, string>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  for (const file of files) body.append('files', file, file.name);
  return body;
}

function oneFile(file: File, fields: Record<string, string>): FormData {
  const body = form([], fields);
  body.append('file', file, file.name);
  return body;
}

export const projects = {
  list: (query: Query, signal?: AbortSignal) => getJson<Page>('/api/projects/', query, signal),
  options: (signal?: AbortSignal) => getJson<FormOptions>('/api/projects/form-options/', {}, signal),
  get: (id: string, signal?: AbortSignal) => getJson<ProjectFeature>(`/api/projects/${id}/`, {}, signal),
  create: (body: object) => write<ProjectFeature>('POST', '/api/projects/', body),
  update: (id: string, body: object) => write<ProjectFeature>('PATCH', `/api/projects/${id}/`, body),
  move: (id: string, body: object) => write<ProjectFeature>('POST', `/api/projects/${id}/move/`, body),
  putProgress: (id: string, rows: ProgressRowInput[]) =>
    write<{ rows: ProgressRow[]; warnings: Said[] }>('PUT', `/api/projects/${id}/progress/`, { rows }),
  paste: (id: string, text: string, dryRun: boolean, basis = '') =>
    write<Sheet>('POST', `/api/projects/${id}/progress/paste/`, { text, dry_run: dryRun, basis }),
  matchPhotos: (files: File[]) => write<{ items: Proposal[] }>('POST', '/api/projects/photos/match/', form(files, {})),
  addPhoto: (id: string, file: File, fields: Record<string, string>) =>
    write<PhotosStored>('POST', `/api/projects/${id}/photos/`, form([file], fields)),
  photos: (id: string) => getJson<ProjectPhoto[]>(`/api/projects/${id}/photos/`),
  changePhoto: (id: number, body: object) => write<ProjectPhoto>('PATCH', `/api/projects/photos/${id}/`, body),
  removePhoto: (id: number) => write<void>('DELETE', `/api/projects/photos/${id}/`),
};

export const notices = {
  create: (body: object) => write<Notice>('POST', '/api/notices/', body),
  update: (id: number, body: object) => write<Notice>('PATCH', `/api/notices/${id}/`, body),
  attach: (id: number, file: File, kind: string) =>
    write<Notice>('POST', `/api/notices/${id}/attachments/`, oneFile(file, { kind })),
  detach: (id: number, attachment: number) => write<void>('DELETE', `/api/notices/${id}/attachments/${attachment}/`),
};

export const facilities = {
  list: (query: Query, signal?: AbortSignal) => getJson<Page>('/api/facilities/', query, signal),
  categories: (signal?: AbortSignal) =>
    getJson<{ items: { key: string; title: string; icon: string }[] }>('/api/facilities/categories/', {}, signal),
  get: (id: string, signal?: AbortSignal) => getJson<FacilityFeature>(`/api/facilities/${id}/`, {}, signal),
  create: (body: object) => write<FacilityFeature>('POST', '/api/facilities/', body),
  update: (id: string, body: object) => write<FacilityFeature>('PATCH', `/api/facilities/${id}/`, body),
  putPhotos: (id: string, version: number, photos: { id: number; caption: string; caption_en: string }[]) =>
    write<FacilityFeature>('PUT', `/api/facilities/${id}/photos/`, { version, photos }),
  uploadPhoto: (file: File, alt: string) => write<{ id: number }>('POST', '/api/photos/', oneFile(file, { alt })),
};

export const contacts = {
  list: (query: Query, signal?: AbortSignal) =>
    getJson<{ total: number; items: Contact[] }>('/api/contacts/', query, signal),
  get: (id: string, signal?: AbortSignal) => getJson<Contact>(`/api/contacts/${id}/`, {}, signal),
  create: (body: ContactInput) => write<Contact>('POST', '/api/contacts/', body),
  update: (id: string, body: object) => write<Contact>('PATCH', `/api/contacts/${id}/`, body),
  remove: (id: string, version: number) =>
    send<void>('DELETE', `/api/contacts/${id}/`, {}, boot.csrf, { version: String(version) }),
};
