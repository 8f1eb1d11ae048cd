/** Shapes of the staff API: names for what the generated schema describes. */

import type { components } from '../../generated/schema';

type Schemas = components['schemas'];

export type Choice = Schemas['ChoiceShape'];
export type VillageChoice = Schemas['VillageChoiceShape'];
export type FormOptions = Schemas['ProjectFormOptionsShape'];
export type ProjectDetail = Schemas['ProjectDetailShape'];
export type Step = Schemas['StepShape'];
export type ProgressRow = Schemas['ProgressRowShape'];
export type ProgressRowInput = Schemas['ProgressRowInputRequest'];
export type Sheet = Schemas['SheetShape'];
export type SheetLine = Schemas['SheetLineShape'];
export type Said = Schemas['SaidShape'];
export type ProjectPhoto = Schemas['ProjectPhotoShape'];
export type PhotosStored = Schemas['PhotosStored'];
export type Proposal = Schemas['ProposalShape'];
export type Notice = Schemas['ProjectNoticeShape'];
export type Contact = Schemas['Contact'];
export type ContactInput = Schemas['ContactFieldsRequest'];
export type FacilityDetail = Schemas['FacilityDetailPropertiesShape'];
export type FacilityPhoto = Schemas['FacilityPhotoShape'];
export type Me = Schemas['Me'];

export interface PointFeature<P> {
  type: 'Feature';
  id: number;
  geometry: { type: 'Point'; coordinates: [lon: number, lat: number] };
  properties: P;
}

/** What a list shows of a project or facility: the fields of its map layer. */
export type Line = PointFeature<Record<string, unknown>>;

export interface Page {
  features: Line[];
  matched: number;
  next: number | null;
}
