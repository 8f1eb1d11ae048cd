/**
 * What the server answers, by the contract of the API. Where `generated/schema.d.ts` describes an answer, the
 * type here becomes an alias of it (`export type Panel = Schemas['Panel']`), and every user stays as it is.
 */

export type BBox = [west: number, south: number, east: number, north: number];
export type PlaceLevel = 'county' | 'township' | 'village' | 'community' | 'park' | 'grid';

export interface PlaceRef {
  code: string;
  name: string;
  level: PlaceLevel;
}

export interface Me {
  name: string;
  role: string;
  role_title: string;
  unit: string | null;
  jurisdiction: { code: string; name: string }[];
  may: string[];
}

export interface County {
  code: string;
  name: string;
  is_demo: boolean;
  bbox: BBox;
  center: [lon: number, lat: number];
  approval_number: string;
  boundary_source?: string;
  cells_illustrative: boolean;
  townships: number;
  villages: number;
  as_of: string | null;
  me: Me | null;
}

export interface LegendRule {
  when: string;
  title: string;
  colour: string;
  icon: string;
  shape: string;
}

export interface LayerField {
  name: string;
  title: string;
  type: string;
  unit: string;
  filter: boolean;
  search: boolean;
}

export interface LayerInfo {
  key: string;
  title: string;
  geometry: 'point' | 'line' | 'polygon';
  order: number;
  count: number;
  style_by: string | null;
  legend: LegendRule[];
  fields: LayerField[];
  zooms: [number, number];
  default_on: boolean;
  icon?: string;
  /** Whether there are counts by township and village. */
  counted?: boolean;
}

export type Properties = Record<string, unknown>;

export type Geometry =
  | { type: 'Point'; coordinates: number[] }
  | { type: 'Polygon'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] };

export interface Feature {
  type: 'Feature';
  id: number | string;
  geometry: Geometry | null;
  properties: Properties;
}

export interface FeatureCollection {
  type: 'FeatureCollection';
  features: Feature[];
  next: string | null;
  matched?: number;
}

export interface Cluster {
  lon: number;
  lat: number;
  count: number;
  by: Record<string, number>;
  id?: number | string | null;
  bbox: BBox;
}

export interface Clusters {
  clusters: Cluster[];
  total: number;
}

export interface Counts {
  level: string;
  counts: { code: string; name: string; count: number; by: Record<string, number> }[];
  /** Rows that lie in none of the areas. */
  outside: number;
}

export interface PlaceAt {
  place: PlaceRef;
  ancestors: PlaceRef[];
}

export interface SearchResult {
  kind: 'place' | 'facility' | 'project' | 'category';
  key: string;
  id: string | number;
  title: string;
  subtitle: string;
  lon: number | null;
  lat: number | null;
  bbox?: BBox | null;
  distance_m?: number | null;
  icon: string;
}

export interface Photo {
  thumb: string;
  medium: string;
  large: string;
  alt: string;
  taken_on: string | null;
  width: number;
  height: number;
}

export interface ProjectPhoto extends Photo {
  project: { id: number; name: string } | null;
  caption: string;
}

export interface MonthValue {
  month: string;
  planned: number | null;
  actual: number | null;
}

export interface Indicator {
  key: string;
  title: string;
  unit: string;
  months: MonthValue[];
}

export interface ProjectSummary {
  id: number;
  name: string;
  category: string;
  category_title: string;
  icon?: string;
  stage: string;
  stage_title: string;
  status: string;
  status_title: string;
  actual: number | null;
  planned: number | null;
  difference: number | null;
  note: string;
}

export interface ProjectProgress extends ProjectSummary {
  indicators: Indicator[];
}

export interface WatchedProject extends ProjectSummary {
  village: { code: string; name: string } | null;
  township: { code: string; name: string } | null;
  lon: number;
  lat: number;
}

export interface Overview {
  as_of: string;
  counts: { projects: number; late: number; stopped: number; backward: number; done: number };
  watch: WatchedProject[];
  recent: unknown[];
}

export interface NearFacility {
  id: number;
  name: string;
  category: string;
  category_title: string;
  icon: string;
  distance_m: number | null;
  phone: string;
  hours: string;
  lon: number;
  lat: number;
}

export interface PhotosBody {
  total: number;
  items: ProjectPhoto[];
}

export interface ProgressBody {
  as_of: string | null;
  projects: ProjectProgress[];
}

export interface SupervisionPhone {
  title: string;
  number: string;
  hours: string;
  duty: string;
}

export interface Contact {
  level: 'county' | 'township' | 'village';
  title: string;
  name: string;
  number: string;
  duty: string;
  hours: string;
}

export interface PhonesBody {
  supervision: SupervisionPhone[];
  contacts: Contact[];
}

export interface FacilitiesBody {
  total: number;
  items: NearFacility[];
}

export interface Attachment {
  title: string;
  url: string;
  size: number;
  type: string;
}

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

export interface IssuesBody {
  open: number;
  overdue: number;
  answered: number;
  items: unknown[];
  note: string;
}

export interface VillagesBody {
  items: { code: string; name: string }[];
}

/** One section of a place panel; `body` is read by the section component registered for `key`. */
export interface Section {
  key: string;
  title: string;
  body?: unknown;
  unavailable?: boolean;
}

export interface Panel {
  place: PlaceRef & {
    lon: number;
    lat: number;
    bbox: BBox;
    households?: number | null;
    population?: number | null;
    ancestors: PlaceRef[];
    illustrative: boolean;
  };
  sections: Section[];
}
