/** A report as whoever holds its tracking code sees it (`/api/incidents/track/CODE`), and what they can do with it. */

import { getJson, send } from '../core/api';
import { boot } from '../core/boot';

export interface ShownPhoto {
  thumb: string;
  medium: string;
  large: string;
  alt: string;
  taken_on?: string | null;
}

/** The approved answer of one round, its text masked. */
export interface Reply {
  round: number;
  text: string;
  unit: string;
  at: string;
  photos: ShownPhoto[];
  documents: { url: string; title: string; size: number }[];
}

/** One step in plain words, without anybody's name. */
export interface OwnStep {
  at: string;
  move: string;
  title: string;
  note: string;
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
  address: string;
  /** What was answered to the questions of the kind. */
  answers: { title: string; text: string }[];
  status: string;
  status_title: string;
  category_title: string;
  village_name: string;
  township_name: string;
  is_public: boolean;
  /** Whether progress is sent to an e-mail address; which one, nobody is shown. */
  is_reminded: boolean;
  /** Whether an address waits for its reader to confirm it. */
  is_asked: boolean;
  submitted_at: string;
  accept_by: string | null;
  /** Until when the desk waits for what it asked for. */
  info_by: string | null;
  due_on: string | null;
  is_overdue: boolean;
  followers: number;
  merged_into: string | null;
  /** What the public sees of the place: the middle of its area, and the area's edge in metres (0 for the point). */
  lonlat: [lon: number, lat: number];
  precision_m: number;
  /** Oldest first. */
  steps: OwnStep[];
  replies: Reply[];
  /** The reporter's own, also before they were blurred and published. */
  photos: { token: string; state: string; part: string; round: number; thumb: string; large: string }[];
  /** `is_public`: written for everybody, who reads it once it `is_published`. */
  comments: { at: string; is_own: boolean; text: string; is_public: boolean; is_published: boolean }[];
  moves: Move[];
}

const path = (code: string) => `/api/incidents/track/${encodeURIComponent(code)}`;

export const own = {
  read: (code: string, signal?: AbortSignal) => getJson<OwnReport>(path(code), {}, signal),
  /** Where to tell of progress; '' stops it. */
  tell: (code: string, email: string) => send<OwnReport>('POST', `${path(code)}:tell`, { email }, boot.csrf),
  move: (code: string, name: string, body: object) => send<OwnReport>('POST', `${path(code)}:${name}`, body, boot.csrf),
};
