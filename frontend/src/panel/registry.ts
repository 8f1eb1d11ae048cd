/**
 * Sections of a place panel by key. An app that adds a section on the server adds one line here; a key without a
 * line is drawn by the general fallback, so that a newer server never leaves a hole in an older page.
 */

import type { ComponentType } from 'preact';
import type { SectionProps, Tab } from './model';
import { DevicesSection, devicesTab } from './sections/devices';
import { FacilitiesSection, facilitiesTab } from './sections/facilities';
import { GenericSection } from './sections/generic';
import { IssuesSection, issuesTab } from './sections/issues';
import { NoticesSection, noticesTab } from './sections/notices';
import { PhonesSection } from './sections/phones';
import { PhotosSection, photosTab } from './sections/photos';
import { PointsSection, pointsTab } from './sections/points';
import { ProgressSection, progressTab } from './sections/progress';
import { VillagesSection, villagesTab } from './sections/villages';

interface Entry {
  // biome-ignore lint/suspicious/noExplicitAny: each component knows the body of its own key
  component: ComponentType<SectionProps<any>>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  tab?: (body: any) => Tab;
}

export const sections: Record<string, Entry> = {
  photos: { component: PhotosSection, tab: photosTab },
  progress: { component: ProgressSection, tab: progressTab },
  phones: { component: PhonesSection },
  issues: { component: IssuesSection, tab: issuesTab },
  devices: { component: DevicesSection, tab: devicesTab },
  changepoints: { component: PointsSection, tab: pointsTab },
  facilities: { component: FacilitiesSection, tab: facilitiesTab },
  notices: { component: NoticesSection, tab: noticesTab },
  villages: { component: VillagesSection, tab: villagesTab },
};

export function sectionEntry(key: string): Entry {
  return sections[key] ?? { component: GenericSection };
}
