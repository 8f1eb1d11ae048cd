/**
 * What the server answers, by name. The types are generated from the OpenAPI document (`npm run types`); here they
 * only get short names, and fixed lengths and closed lists that a JSON schema does not carry over to TypeScript.
 */

import type { components } from '../generated/schema';

export type Schemas = components['schemas'];
/** A generated type with some properties said more exactly. */
export type With<Generated, Exact> = Omit<Generated, keyof Exact> & Exact;

export type BBox = [west: number, south: number, east: number, north: number];
export type Properties = Record<string, unknown>;

export type Me = Schemas['Me'];
export type BaseMapInfo = Schemas['BaseMap'];
export type County = With<Schemas['County'], { bbox: BBox | null; center: [lon: number, lat: number] | null }>;
export type PlaceRef = Schemas['PlaceLine'];

export type LegendRule = Schemas['LegendRule'];
export type LayerField = Schemas['LayerField'];
export type LayerInfo = With<
  Schemas['Layer'],
  { geometry: 'point' | 'line' | 'polygon'; zooms: [lowest: number, highest: number] }
>;

export type Geometry =
  | { type: 'Point'; coordinates: number[] }
  | { type: 'Polygon'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] };
export type Feature = With<Schemas['Feature'], { geometry: Geometry | null }>;
export type FeatureCollection = With<Schemas['FeatureCollection'], { features: Feature[] }>;
export type Cluster = With<Schemas['Cluster'], { bbox: BBox }>;
export type Clusters = With<Schemas['Clusters'], { clusters: Cluster[] }>;
export type Changes = Schemas['LayerChanges'];
export type Counts = Schemas['PlaceCounts'];

export interface PlaceAt {
  place: PlaceRef;
  ancestors: PlaceRef[];
}

export type SearchResult = With<Schemas['SearchResult'], { bbox: BBox | null }>;
export type NearFacility = Pick<
  Schemas['FacilityLineShape'],
  | 'id'
  | 'name'
  | 'category'
  | 'category_title'
  | 'icon'
  | 'status'
  | 'distance_m'
  | 'phone'
  | 'hours'
  | 'hours_entered'
  | 'lon'
  | 'lat'
>;

export type ProjectPhoto = Schemas['PanelPhotoShape'];
export type PhotoAlbum = Schemas['PhotoAlbumShape'];
/** A photo as its project tells it. */
export type OwnPhoto = Schemas['ProjectPhotoShape'];
export type Photo = Pick<ProjectPhoto, 'thumb' | 'medium' | 'large' | 'alt' | 'taken_on' | 'width' | 'height'>;
export type MonthValue = With<Schemas['MonthPointShape'], { planned: number | null }>;
export type Indicator = With<Schemas['IndicatorCurveShape'], { months: MonthValue[] }>;
export type ProjectProgress = With<Schemas['ProjectLineShape'], { indicators: Indicator[] }>;
export type WatchedProject = Schemas['ProjectLineShape'];
export type Overview = Schemas['ProjectOverviewShape'];

/** A device in full, one of its streams, and what a stream measured over a span. */
export type Device = Schemas['DeviceDetailShape'];
export type DeviceStream = Schemas['DeviceStreamShape'];
export type Alarm = Schemas['AlarmRowShape'];
export type DeviceSeries = Schemas['DeviceSeriesShape'];

/** The newest value of something, and those of a box. */
export type FeedValue = Schemas['DeviceValue'];
export type FeedValues = Schemas['DeviceValues'];

export type Board = Schemas['ProjectBoardShape'];
export type BoardRow = Schemas['BoardRowShape'];
export type BoardPlace = Schemas['ProjectBoardPlaceShape'];
export type BoardReport = Schemas['BoardReportShape'];

/** One section of a place panel; `body` is read by the section component registered for `key`. */
export type Section = With<Schemas['PanelSection'], { body?: unknown }>;
export type Panel = With<Schemas['Panel'], { place: With<Schemas['Place'], { bbox: BBox }>; sections: Section[] }>;

// Bodies of sections: the document leaves them open, because any app may bring a section.

export interface PhotosBody {
  total: number;
  items: ProjectPhoto[];
}

export interface ProgressBody {
  as_of: string | null;
  /** How many there are; the list holds the worst of a township or county. */
  total?: number;
  projects: ProjectProgress[];
}

export interface SupervisionPhone {
  title: string;
  number: string;
  hours: string;
  duty: string;
}

export interface Contact extends SupervisionPhone {
  level: 'county' | 'township' | 'village';
  name: string;
}

export interface PhonesBody {
  supervision: SupervisionPhone[];
  contacts: Contact[];
}

export interface DevicesBody {
  total: number;
  alarming: number;
  offline: number;
  kinds: { key: string; title: string; icon: string; total: number; alarming: number; offline: number }[];
  /** The worst ten of those that alarm or are offline. */
  items: { id: number; name: string; kind: string; state: string; state_title: string; since: string | null }[];
}

export interface FacilitiesBody {
  total: number;
  items: NearFacility[];
  /** One from outside of each kind that everybody needs and the place lacks. */
  nearest: NearFacility[];
}

export type Attachment = Pick<Schemas['PanelAttachmentShape'], 'title' | 'url' | 'size' | 'type'>;

export interface Notice {
  id: number;
  title: string;
  body?: string;
  published_on: string;
  project: { id: number; name: string } | null;
  attachments: Attachment[];
}

export interface NoticesBody {
  items: Notice[];
}

/** A report as everybody may read it: place and text masked, photos blurred. */
export type Incident = Schemas['PublicReportShape'] & {
  text: string;
  photos: Photo[];
  comments: { text: string; on: string }[];
  replies?: { text: string; unit: string; at: string; photos: Photo[]; documents: { url: string; title: string }[] }[];
  merged_into: string | null;
};

export interface IssuesBody {
  open: number;
  overdue: number;
  answered: number;
  /** Of all ratings; null without any. */
  satisfied_percent?: number | null;
  /** The last ten that are public. */
  items: Pick<Incident, 'number' | 'title' | 'status' | 'status_title' | 'submitted_on' | 'category_title'>[];
  note: string;
}

export interface PointsBody {
  found: number;
  /** How many were found and handled. */
  note: string;
  /** The last ten. */
  items: { id: number; title: string; stage: string; stage_title: string; found_on: string }[];
}

export interface VillagesBody {
  items: { code: string; name: string }[];
}
