/** Every address the pages read, with the type of its answer. */

import { getJson, type Query } from './api';
import type {
  BBox,
  Board,
  BoardPlace,
  Clusters,
  Counts,
  County,
  Device,
  DeviceSeries,
  Feature,
  FeatureCollection,
  Incident,
  LayerInfo,
  NearFacility,
  Overview,
  Panel,
  PlaceAt,
  SearchResult,
} from './types';

type Signal = AbortSignal | undefined;

/** Null for everywhere. */
const box = (bbox: BBox | null) => bbox?.map((value) => value.toFixed(5)).join(',');
const enc = encodeURIComponent;

export const endpoints = {
  county: (signal?: Signal) => getJson<County>('/api/county/', {}, signal),
  layers: (signal?: Signal) => getJson<{ layers: LayerInfo[] }>('/api/layers/', {}, signal),
  overview: (signal?: Signal) => getJson<Overview>('/api/overview/', {}, signal),
  panel: (code: string, signal?: Signal) => getJson<Panel>(`/api/places/${enc(code)}/panel`, {}, signal),
  placeAt: (lon: number, lat: number, signal?: Signal) =>
    getJson<PlaceAt>('/api/places/at', { lon: lon.toFixed(6), lat: lat.toFixed(6) }, signal),
  features: (key: string, bbox: BBox | null, limit: number, asked: Query, signal?: Signal) =>
    getJson<FeatureCollection>(`/api/layers/${enc(key)}/features`, { ...asked, bbox: box(bbox), limit }, signal),
  feature: (key: string, code: string, signal?: Signal) =>
    getJson<FeatureCollection>(`/api/layers/${enc(key)}/features`, { code, limit: 1 }, signal),
  counts: (key: string, level: 'township' | 'village', asked: Query, signal?: Signal) =>
    getJson<Counts>(`/api/layers/${enc(key)}/counts`, { ...asked, level }, signal),
  clusters: (key: string, bbox: BBox | null, zoom: number, asked: Query, signal?: Signal) =>
    getJson<Clusters>(`/api/layers/${enc(key)}/clusters`, { ...asked, bbox: box(bbox), zoom }, signal),
  search: (q: string, lon: number, lat: number, signal?: Signal, limit = 8) =>
    getJson<{ results: SearchResult[] }>('/api/search', { q, limit, lon: lon.toFixed(5), lat: lat.toFixed(5) }, signal),
  nearest: (category: string, lon: number, lat: number, signal?: Signal) =>
    getJson<{ items: NearFacility[] }>(
      '/api/facilities/nearest',
      { category, lon: lon.toFixed(5), lat: lat.toFixed(5), limit: 5 },
      signal,
    ),
  board: (query: Query, signal?: Signal) => getJson<Board>('/api/projects/board', query, signal),
  boardPlace: (code: string, query: Query, signal?: Signal) =>
    getJson<BoardPlace>(`/api/projects/board/${enc(code)}`, query, signal),
  /** A report as everybody may read it. */
  incident: (number: string, signal?: Signal) => getJson<Incident>(`/api/incidents/${enc(number)}`, {}, signal),
  device: (id: string | number, signal?: Signal) => getJson<Device>(`/api/devices/${enc(id)}/`, {}, signal),
  deviceSeries: (id: number, stream: string, hours: number, signal?: Signal) =>
    getJson<DeviceSeries>(`/api/devices/${id}/series`, { stream, hours }, signal),
  /** One row of a point layer: `/api/projects/128/`. */
  item: (key: string, id: string, signal?: Signal) => getJson<Feature>(`/api/${enc(key)}/${enc(id)}/`, {}, signal),
  /** A row as its layer tells it, where it has no address of its own. */
  row: (key: string, id: string, signal?: Signal) =>
    getJson<Feature>(`/api/layers/${enc(key)}/features/${enc(id)}`, {}, signal),
};
