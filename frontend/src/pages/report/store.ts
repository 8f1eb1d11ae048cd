/**
 * What this device keeps of reports that are not sent yet: drafts, their photos, and receipts nobody has seen.
 *
 * IndexedDB, because photos are in it, and because it outlives the page, the browser and the phone's sleep. All three
 * are gone from the device once the report is sent and its receipt was seen.
 */

import type { Confidence, Receipt } from '../../incidents/types';
import { Database, deleteAll } from '../../offline/database';

export interface Asset {
  layer: string;
  id: string;
  name: string;
}

/** Where it is, degrees (EPSG:4326). */
export interface Spot {
  lon: number;
  lat: number;
  /** Metres, when the device said where it is. */
  accuracy?: number;
  asset?: Asset;
  /** Village and township, as far as they are known. */
  village: string;
  township: string;
}

export interface Draft {
  /** Made with the draft and sent with it (`Idempotency-Key`): however often it is sent, one report comes of it. */
  key: string;
  county: string;
  state: 'editing' | 'queued';
  /**
   * What is sent, from the first attempt on: an attempt whose answer got lost may have arrived, and only the same words
   * under the same key are the same report.
   */
  body: string;
  changed: number;
  /** Handed over by somebody signed in: it goes out with their session, thus from a page. */
  signedIn: boolean;
  /** The address the draft was begun with, so that a reload does not move the pin back. */
  from: string;
  spot: Spot | null;
  address: string;
  text: string;
  category: string;
  /** Whether a person chose the category; until then it follows what the text proposes. */
  chosen: boolean;
  attributes: Record<string, unknown>;
  /** Reports nearby that are not the same, says the person. */
  others: string[];
  confidence: Confidence;
  name: string;
  phone: string;
  email: string;
}

export interface KeptPhoto {
  id: string;
  draft: string;
  blob: Blob;
  name: string;
  /** Empty until the server has it. */
  token: string;
  /** The server's small picture (`data:`), for kinds that this browser cannot show. */
  thumb: string;
  order: number;
}

export interface Sent {
  key: string;
  county: string;
  receipt: Receipt;
  /** Beginning of the text, to tell one from another. */
  title: string;
  at: number;
  /** When it was first shown; 0 while nobody has seen it. */
  seen: number;
}

type Name = 'drafts' | 'photos' | 'sent';

const base = new Database<Name>('geogov-reports', (database) => {
  database.createObjectStore('drafts', { keyPath: 'key' });
  database.createObjectStore('photos', { keyPath: 'id' }).createIndex('draft', 'draft');
  database.createObjectStore('sent', { keyPath: 'key' });
});

const change = base.change.bind(base);
const all = <T>(name: Name) => base.ask<T[]>(name, (store) => store.getAll());

const withoutPhotos = (photos: IDBObjectStore, draft: string) => deleteAll(photos.index('draft'), draft, photos);

export const drafts = () => all<Draft>('drafts');
export const sent = () => all<Sent>('sent');

export const draftOf = (key: string) => base.ask<Draft | undefined>('drafts', (store) => store.get(key));

export const saveDraft = (draft: Draft) => change(['drafts'], (store) => store('drafts').put(draft));
export const savePhoto = (photo: KeptPhoto) => change(['photos'], (store) => store('photos').put(photo));
export const dropPhoto = (id: string) => change(['photos'], (store) => store('photos').delete(id));
export const saveSent = (one: Sent) => change(['sent'], (store) => store('sent').put(one));
export const dropSent = (key: string) => change(['sent'], (store) => store('sent').delete(key));

export async function photosOf(draft: string): Promise<KeptPhoto[]> {
  const found = await base.ask<KeptPhoto[]>('photos', (store) => store.index('draft').getAll(draft));
  return found.sort((a, b) => a.order - b.order);
}

export const dropDraft = (key: string) =>
  change(['drafts', 'photos'], (store) => {
    store('drafts').delete(key);
    withoutPhotos(store('photos'), key);
  });

/** The report is with the server: its draft and photos go, the receipt stays until it was seen. */
export const finish = (done: Sent) =>
  change(['drafts', 'photos', 'sent'], (store) => {
    store('sent').put(done);
    store('drafts').delete(done.key);
    withoutPhotos(store('photos'), done.key);
  });
