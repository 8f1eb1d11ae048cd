/** What the console reads and sends. */

export type LonLat = [lon: number, lat: number];

/** A line of the list. */
export interface Row {
  id: number;
  number: string;
  order_id: number | null;
  title: string;
  state: string;
  status: string;
  status_title: string;
  level: string;
  due_at: string | null;
  accept_by: string | null;
  submitted_at: string;
  category: string;
  category_title: string;
  village: string;
  village_name: string;
  is_urgent: boolean;
  is_public: boolean;
  lead_unit: string;
  channel: string;
  followers: number;
  lonlat: LonLat;
  version: number;
}

export interface Page {
  items: Row[];
  next: string | number | null;
}

export interface Picture {
  id?: number;
  thumb: string;
  medium: string;
  large: string;
  alt: string;
  width: number;
  height: number;
  /** Of a report's photo: pending, published, hidden. */
  state?: string;
}

export interface FileLink {
  title: string;
  url: string;
}

export interface Move {
  name: string;
  title: string;
  needs: readonly string[];
}

export interface Similar {
  number: string;
  title: string;
  status: string;
  status_title: string;
  submitted_on: string;
  distance_m: number;
  why: string;
}

export interface Suggestions {
  category: { code: string; title: string; why: string } | null;
  unit: { id: number; name: string; why: string } | null;
  duplicates: Similar[];
}

/** One step of a history; those of orders are numbered and say who. */
export interface Step {
  number?: number;
  at: string;
  who?: string;
  move: string;
  title: string;
  note?: string;
  data?: Record<string, unknown>;
}

export interface Remark {
  id: number;
  text: string;
  at: string;
  who: string;
  part: string;
  audience: string;
}

/** A report in full. */
export interface Report extends Row {
  text: string;
  public_text: string;
  address: string;
  confidence: string;
  appealed_at: string | null;
  photos: Picture[];
  documents: FileLink[];
  attributes: Record<string, unknown>;
  comments: Remark[];
  history: Step[];
  ratings: { round: number; is_satisfied: boolean; text: string; at: string }[];
  call_backs: { round: number; mode: string; outcome: string; note: string; at: string | null }[];
  merged: string[];
  merged_into: string | null;
  suggestions: Suggestions;
  moves: Move[];
}

export interface Reply {
  number: number;
  text: string;
  unit: string;
  at: string;
  reason: string;
  photos: Picture[];
  documents: FileLink[];
}

export interface HandBack {
  unit: string;
  at: string;
  reason: string;
  evidence: string;
  lonlat: LonLat | null;
  outcome: string;
  binding_unit: string;
  ruling: string;
}

export interface Extension {
  workdays: number;
  reason: string;
  state: string;
  note: string;
  due_before: string;
  due_after: string | null;
}

export interface Supervision {
  id: number;
  unit: string;
  text: string;
  issued_at: string;
  due_at: string;
  read_at: string | null;
  answer: string;
  answered_at: string | null;
  is_own: boolean;
}

export interface OrderRow {
  id: number;
  source: string;
  source_id: string;
  title: string;
  state: string;
  state_title: string;
  level: string;
  due_at: string;
  unit: { id: number; name: string } | null;
  assignee: string;
  crew: string;
  village: { code: string; name: string } | null;
  is_urgent: boolean;
  lonlat: LonLat;
  opened_at: string;
  version: number;
}

/** A work order in full. */
export interface Order {
  row: OrderRow;
  agency: string;
  agency_due_on: string | null;
  is_binding: boolean;
  replies: Reply[];
  hand_backs: HandBack[];
  extension: Extension | null;
  supervisions: Supervision[];
  children: OrderRow[];
  routing: string[];
  history: Step[];
  moves: Move[];
}

export interface Choice {
  key: string;
  title: string;
}

/** What forms of orders let people choose from. */
export interface Options {
  units: { id: number; name: string }[];
  crews: { id: number; name: string; unit: number }[];
  people: { id: number; name: string; unit: number }[];
  reasons: Choice[];
  checks: Choice[];
}

/** Something done to several rows, row by row. */
export interface Outcome {
  id: number;
  ok: boolean;
  message?: string;
}

export interface InboxItem {
  id: number;
  subject: string;
  body: string;
  link: string;
  at: string;
  is_read: boolean;
}

export interface Inbox {
  unread: number;
  items: InboxItem[];
}

/** One figure of the statistics; `rows` is the address of the orders it counts. */
export interface Figure {
  key: string;
  title: string;
  value: number | null;
  rows: string;
}

export interface Figures {
  key: string;
  title: string;
  figures: Figure[];
}

export interface Statistics {
  groups: Figures[];
  total: Figures;
  note: string;
}
