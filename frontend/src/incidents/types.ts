/** What the reports' addresses answer and take (`/api/incidents/…`). */

export interface Question {
  type?: string;
  /** "date" or "date-time". */
  format?: string;
  title?: string;
  description?: string;
  enum?: (string | number)[];
  enumNames?: string[];
  maxLength?: number;
  /** Something to read, with nothing to answer. */
  readOnly?: boolean;
  minimum?: number;
  maximum?: number;
  /** What each of several answers is. */
  items?: Question;
}

/** A kind of matter. Reports are filed under those without children. */
export interface Category {
  code: string;
  title: string;
  icon: string;
  parent: string | null;
  /** Edge of the cell that the public sees instead of the point, metres; 0 for the point itself. */
  precision_m: number;
  /** JSON Schema of further questions; `{}` for none. */
  attributes: { properties?: Record<string, Question>; required?: string[] };
  is_sensitive: boolean;
}

export interface Proposed {
  code: string;
  title: string;
  confidence: number;
}

export interface Proposals {
  category: Proposed | null;
  is_urgent: boolean;
  others: Proposed[];
}

/** An open report nearby, as everybody may see it. */
export interface Similar {
  number: string;
  title: string;
  status: string;
  status_title: string;
  category: string;
  submitted_on: string;
  distance_m: number;
  followers: number;
  lonlat: [lon: number, lat: number];
}

export interface UploadedPhoto {
  token: string;
  thumb: string;
}

export type Confidence = 'named' | 'confidential' | 'anonymous';

/** What is sent once. */
export interface ReportBody {
  lon: number;
  lat: number;
  accuracy_m?: number;
  category?: string;
  text: string;
  address?: string;
  photos: string[];
  asset?: { layer: string; id: string };
  confidence: Confidence;
  contact?: { name: string; phone: string; email: string };
  attributes?: Record<string, unknown>;
}

/** What the reporter gets, once and never again: nobody else knows the code. */
export interface Receipt {
  number: string;
  code: string;
  link: string;
  accept_by: string | null;
  status: string;
}
