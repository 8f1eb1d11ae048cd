/** Shapes of the API of field checks under short names, and what the device keeps of them. */

import type { Schemas, With } from '../../core/types';

export type Task = Schemas['FieldTaskShape'];
export type Card = Task['card'];
export type Options = Pick<Schemas['ReviewOptionsShape'], 'kinds' | 'findings'>;
export type Route = With<Schemas['FieldRouteShape'], { line: [lon: number, lat: number][] }>;
export type Person = Pick<Schemas['Me'], 'username' | 'role_title' | 'unit'>;

/** Where the device was, degrees (EPSG:4326) and metres. */
export interface Fix {
  lon: number;
  lat: number;
  accuracy: number;
}

/** The list as it was when there was a network. */
export interface Taken {
  county: string;
  person: Person;
  /** Milliseconds, by the server's clock. */
  at: number;
  /** So far the device's clock was ahead of the server's, milliseconds. */
  ahead: number;
  tasks: Task[];
  options: Options;
}

/** A small picture of a point. */
export interface Chip {
  path: string;
  blob: Blob;
}

export interface Check {
  /** Made with the check and sent with it (`client_id`): however often it is sent, it is one. */
  key: string;
  county: string;
  /** Whose it is: a telephone may be handed on. */
  person: string;
  point: number;
  /** As people read it out. */
  number: string;
  order: number;
  state: 'editing' | 'queued' | 'sent';
  /** When they were there, milliseconds; 0 until it is done. */
  at: number;
  fix: Fix | null;
  /** From there to the outline, metres. */
  away: number;
  finding: string;
  kind: string;
  note: string;
  /** Why somebody was not at the point. */
  farWhy: string;
  /** The order is handed in with the note as its reply; null until somebody said, or it is sent: once nobody waits. */
  handsIn: boolean | null;
  /** The check is with the server; what comes after it is its order. */
  isDelivered: boolean;
  /** Why the server did not take it, or not the order; '' for nothing. */
  trouble: string;
}

export interface Shot {
  /** `client_id` of the photo. */
  id: string;
  check: string;
  blob: Blob;
  name: string;
  /** Of the file, hex: what arrives is what was taken. */
  sha256: string;
  takenAt: string;
  /** Where the camera looked, degrees clockwise from north; null until somebody said. */
  azimuth: number | null;
  fix: Fix | null;
  order: number;
  /** Number of the photo at the server; 0 until it has it. */
  photo: number;
}
