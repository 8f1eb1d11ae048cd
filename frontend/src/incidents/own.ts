/** A report as whoever holds its tracking code sees it (`/api/incidents/track/CODE`), and what they can do with it. */

import { getJson, send } from '../core/api';
import { boot } from '../core/boot';

export interface OwnPhoto {
  thumb: string;
  medium: string;
  large: string;
  alt: string;
  /** Whose: the reporter's, or the handler's as evidence. */
  part?: string;
  moment?: string;
  at?: string;
}

export interface Reply {
  unit_name: string;
  text: string;
  at: string;
  round: number;
  photos: OwnPhoto[];
  documents: { url: string; title: string }[];
}

/** One line of the history, newest first. */
export interface OwnStep {
  at: string;
  title: string;
  text: string;
}

export interface Move {
  name: string;
  title: string;
  /** What has to come with it: "text", "reason", "photos". */
  needs: string[];
}

export interface OwnReport {
  number: string;
  title: string;
  text: string;
  status: string;
  status_title: string;
  category_title: string;
  village_name: string;
  township_name: string;
  submitted_at: string;
  accept_by: string | null;
  due_at: string | null;
  is_overdue: boolean;
  followers: number;
  /** What the public sees of the place: the middle of its area, and the area's edge in metres (0 for the point). */
  lonlat: [lon: number, lat: number];
  precision_m: number;
  /** What the desk asked for, while it waits for it. */
  question: string;
  steps: OwnStep[];
  replies: Reply[];
  photos: OwnPhoto[];
  comments: { text: string; at: string; part: string }[];
  moves: Move[];
}

const path = (code: string) => `/api/incidents/track/${encodeURIComponent(code)}`;

export const own = {
  read: (code: string, signal?: AbortSignal) => getJson<OwnReport>(path(code), {}, signal),
  move: (code: string, name: string, body: object) => send<OwnReport>('POST', `${path(code)}:${name}`, body, boot.csrf),
};
