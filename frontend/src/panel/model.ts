import type { Panel, Section } from '../core/types';

export type PanelPlace = Panel['place'];
export type { Section };

/** What a section component is given. */
export interface SectionProps<Body> {
  section: Section;
  body: Body;
  place: PanelPlace;
}

/** What the anchor tab of a section says beside its name. */
export interface Tab {
  count?: number;
  /** Status mark of the worst thing in the section. */
  mark?: string;
}
