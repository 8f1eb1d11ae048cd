/** What the console reads, by short names. */

import type { Schemas, With } from '../../core/types';

export type LonLat = [lon: number, lat: number];

type OfReport = With<Schemas['DeskReportShape'], { lonlat: LonLat }>;
type OfReports = 'number' | 'order_id' | 'accept_by' | 'category_title';
type OfBoth =
  | ('id' | 'title' | 'is_urgent' | 'status' | 'status_title' | 'level')
  | ('due_at' | 'submitted_at' | 'village_name' | 'lead_unit' | 'lonlat');
/** A line of the list: a report, or an order that no report is behind. */
export type Row = Pick<OfReport, OfBoth> & Partial<Pick<OfReport, OfReports>>;
export type Page = With<Schemas['DeskPage'], { items: Row[] }>;
export type Counts = Schemas['DeskCounts'];

export type Picture = Schemas['PhotoUrlsShape'] & Partial<Pick<CasePhoto, 'id' | 'state'>>;
export type CasePhoto = Schemas['CasePhotoShape'];
export type FileLink = Pick<Schemas['DocumentLinkShape'], 'title' | 'url'>;
export type Move = Schemas['CaseMoveShape'];
export type Similar = Schemas['SimilarReportShape'];
export type Remark = Schemas['CaseCommentShape'];
export type Report = With<Schemas['DeskCaseShape'], { lonlat: LonLat }>;

/** One step of the history of a report or of an order. */
export type Step = Pick<Schemas['OrderStepShape'], 'at' | 'move' | 'title' | 'who'> &
  Partial<Pick<Schemas['OrderStepShape'], 'data'> & Pick<Schemas['CaseStepShape'], 'note'>>;

export type HandBack = Schemas['OrderHandBackShape'];
export type Supervision = Schemas['OrderSupervisionShape'];
export type OrderRow = With<Schemas['OrderRowShape'], { lonlat: LonLat }>;
export type OrderPage = With<Schemas['OrderPageShape'], { items: OrderRow[] }>;
export type Order = With<Schemas['OrderDetailShape'], { row: OrderRow }>;

export type Choice = Schemas['OrderChoiceShape'];
/** What forms let people choose from. */
export type Options = Schemas['OrderOptionsShape'] & Schemas['DeskOptionsShape'];

/** Something done to several rows, row by row. */
export type Outcome = Pick<Schemas['BulkLine'], 'id' | 'ok' | 'message'>;

export type SavedFilter = Schemas['SavedFilterInput'];
export type InboxItem = Schemas['InboxRowShape'];
export type Inbox = Schemas['InboxShape'];
