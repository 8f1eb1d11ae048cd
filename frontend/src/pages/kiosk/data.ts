/** What the screen knows: of the county, and of the places that are shown one after the other. */

import { computed } from '@preact/signals';
import { boot } from '../../core/boot';
import type { Counts, FeatureCollection, LayerInfo, Overview, Panel, Section } from '../../core/types';
import type { components } from '../../generated/schema';
import { type Shape, shapeOf } from '../../map/shapes';
import { Feed, type Known } from './feed';
import { type PlanPlace, plan } from './plan';

export type Board = components['schemas']['ProjectBoardShape'];
export type BoardRow = Board['rows'][number];

const LEVELS = { county: '', township: 'townships', village: 'villages' } as const;
/** Places whose facts are kept; the longest unseen is dropped. */
const MOST_PLACES = 60;

export const overview = new Feed<Overview>('/api/overview/');
export const board = new Feed<Board>('/api/projects/board');
export const layers = new Feed<{ layers: LayerInfo[] }>('/api/layers/');
export const facilityCounts = new Feed<Counts>('/api/layers/facilities/counts', { level: 'township' });
/** The place around all that is shown; the county's is told by the page shell. */
export const around = new Feed<Panel>(`/api/places/${encodeURIComponent(plan.place.code)}/panel`);

/** Whether what is shown are townships of the whole county: then board and map speak of the same places. */
export const townshipsShown = plan.places[0]?.level === 'township';

const shared: Feed<unknown>[] = [overview, board, layers, facilityCounts];
if (plan.place.code !== boot.county) shared.push(around);

/** Works of each village, where villages are shown for their works; null where all are shown. */
const works =
  plan.places.length > 1 && !townshipsShown && ['', 'village'].includes(plan.audience)
    ? new Feed<Counts>('/api/layers/projects/counts', { level: 'village' })
    : null;
if (works) shared.push(works);

/** Nobody waits before a village with nothing to see: those without works are left out, unless none has any. */
export const shownPlaces = computed<PlanPlace[]>(() => {
  const busy = new Set((works?.data?.counts ?? []).filter(({ count }) => count > 0).map(({ code }) => code));
  const found = plan.places.filter(({ code }) => busy.has(code));
  return found.length ? found : plan.places;
});

/** Waits for what decides what is shown; without network all places are. */
export const ready = async (): Promise<void> => works?.refresh();

export class PlaceFacts {
  readonly place: PlanPlace;
  readonly panel: Feed<Panel>;
  private readonly area: Feed<FeatureCollection> | null;
  private drawn: { of: FeatureCollection; shape: Shape | null; name: string } | null = null;

  constructor(place: PlanPlace) {
    this.place = place;
    this.panel = new Feed(`/api/places/${encodeURIComponent(place.code)}/panel`);
    const layer = LEVELS[place.level];
    this.area = layer ? new Feed(`/api/layers/${layer}/features`, { code: place.code, limit: 1 }) : null;
  }

  async refresh(): Promise<void> {
    await Promise.all([this.panel.refresh(), this.shape ? null : this.area?.refresh()]);
  }

  /** Its outline, read once. */
  get shape(): Shape | null {
    return this.outline?.shape ?? null;
  }

  /** Its name as the map's labels have it, in Chinese. */
  get mapName(): string {
    return this.outline?.name ?? '';
  }

  private get outline(): { shape: Shape | null; name: string } | null {
    const answer = this.area?.data;
    if (!answer) return null;
    if (this.drawn?.of !== answer) {
      const feature = answer.features.find(({ properties, id }) => String(properties.code ?? id) === this.place.code);
      this.drawn = {
        of: answer,
        shape: feature ? shapeOf(feature) : null,
        name: String(feature?.properties.name ?? ''),
      };
    }
    return this.drawn;
  }

  /** The body of a section of its panel. */
  section<Body>(key: string): Body | undefined {
    const sections: Section[] = this.panel.data?.sections ?? [];
    return sections.find((section) => section.key === key)?.body as Body | undefined;
  }

  /** Nothing is known of it and nothing could be had. */
  get isBlank(): boolean {
    const { data, failed } = this.panel.known.peek();
    return failed && !data;
  }
}

const seen = new Map<string, PlaceFacts>();

export function factsOf(place: PlanPlace): PlaceFacts {
  const facts = seen.get(place.code) ?? new PlaceFacts(place);
  seen.delete(place.code);
  seen.set(place.code, facts);
  const oldest = seen.keys().next();
  if (seen.size > MOST_PLACES && !oldest.done) seen.delete(oldest.value);
  return facts;
}

export function refreshShared(): void {
  for (const feed of shared) void feed.refresh();
}

const known = (facts: PlaceFacts | null): Known<unknown>[] =>
  [...shared, ...(facts ? [facts.panel] : [])].map((feed) => feed.known.value).filter(({ at }) => at);

/** When the oldest of what is shown was true, ms since 1970; 0 = nothing is known yet. */
export const oldestAt = (facts: PlaceFacts | null): number => Math.min(...known(facts).map(({ at }) => at), Infinity);

/** Whether something could not be had the last time. */
export const isCutOff = (facts: PlaceFacts | null): boolean =>
  [...shared, ...(facts ? [facts.panel] : [])].some((feed) => feed.known.value.failed);
