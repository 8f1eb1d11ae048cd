/** One row of a point layer: its facts, and for a project what its village's panel knows of it. */

import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { endpoints } from '../core/endpoints';
import { date, named, number } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { loader } from '../core/load';
import type {
  Feature,
  LayerField,
  LayerInfo,
  Panel,
  PhonesBody,
  PhotosBody,
  ProgressBody,
  Properties,
  Section,
} from '../core/types';
import { LoadNote } from '../core/ui/Notes';
import { Facts, Status } from '../core/ui/Status';
import { select } from '../core/url';
import { Body } from './Body';
import { PanelHead } from './Head';
import { sectionEntry } from './registry';
import { type Detent, Sheet } from './Sheet';
import { PhoneRow } from './sections/phones';

interface Row {
  feature: Feature;
  /** Sections about this row alone; none for layers whose village panel says nothing of single rows. */
  sections: Section[];
  place: Panel['place'] | null;
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? number(value) : '';

/** The village's sections cut down to one project. */
function about(id: number, panel: Panel): Section[] {
  return panel.sections.flatMap((section): Section[] => {
    if (section.unavailable) return section.key === 'progress' || section.key === 'photos' ? [section] : [];
    if (section.key === 'progress') {
      const body = section.body as ProgressBody;
      return [{ ...section, body: { ...body, projects: body.projects.filter((project) => project.id === id) } }];
    }
    if (section.key === 'photos') {
      const items = (section.body as PhotosBody).items.filter(({ project }) => project?.id === id);
      return [{ ...section, body: { total: items.length, items } }];
    }
    if (section.key === 'phones') {
      const { supervision } = section.body as PhonesBody;
      return supervision.length ? [{ ...section, body: { supervision, contacts: [] } }] : [];
    }
    return [];
  });
}

async function fetchRow(key: string, signal: AbortSignal): Promise<Row> {
  const [layer = '', id = ''] = key.split(':');
  const feature = await endpoints.item(layer, id, signal);
  const village = villageOf(feature.properties);
  if (!village) return { feature, sections: [], place: null };
  const panel = await endpoints.panel(village, signal).catch(() => null);
  return {
    feature,
    sections: panel && layer === 'projects' ? about(Number(id), panel) : [],
    place: panel?.place ?? null,
  };
}

export const rows = loader<Row>(fetchRow);

function villageOf({ village }: Properties): string {
  if (typeof village === 'string') return village;
  return typeof village === 'object' && village ? text((village as Properties).code) : '';
}

/** Said by the heading, the status or a section already, or of use to machines only. */
const SAID =
  /^(name|code|phone|icon|stage|status|status_title|category|category_title|actual|planned|difference|month|note|photo_count|version|(village|township|supervision)(_\w+)?)$|_en$|_id$/;

/** Money in the unit people speak of: 841 万元. */
function amount(value: number, unit: string): string {
  const inTenThousands = unit === '元' && value >= 10000;
  return inTenThousands ? `${number(value / 10000)} 万元` : `${number(value)} ${unit}`.trim();
}

function spoken(properties: Properties, { name, type, unit }: LayerField): string {
  const value = properties[name];
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value === 'number') return amount(value, unit);
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join('、');
  const said = named(properties, name);
  return said && type === 'date' ? date(said) : said;
}

/** What the catalogue says about a row, without what the heading and the sections already say. */
function facts(layer: LayerInfo | undefined, properties: Properties): { title: string; value: string }[] {
  return (layer?.fields ?? [])
    .filter(({ name }) => !SAID.test(name))
    .map((field) => ({ title: field.title, value: spoken(properties, field) }))
    .filter(({ value }) => value);
}

function FactList({ layer, properties }: { layer: LayerInfo | undefined; properties: Properties }) {
  const told = facts(layer, properties);
  const phone = text(properties.phone);
  if (!told.length && !phone) return null;
  return (
    <section class="sec" aria-label={t.facts}>
      <dl class="facts">
        {told.map(({ title, value }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {phone && (
        <ul>
          <PhoneRow who={t.phone} facts={[named(properties, 'hours')]} phone={phone} right />
        </ul>
      )}
    </section>
  );
}

interface FeaturePanelProps {
  layer: LayerInfo | undefined;
  kind: string;
  id: string;
  detent: Signal<Detent>;
  opened: boolean;
  header?: preact.ComponentChildren;
  onFeature(feature: Feature): void;
}

export function FeaturePanel({ layer, kind, id, detent, opened, header, onFeature }: FeaturePanelProps) {
  const key = `${kind}:${id}`;
  const load = rows.state.value;
  const row = load.key === key ? load.data : undefined;
  useEffect(() => void rows.load(key), [key]);
  useEffect(() => {
    if (row) onFeature(row.feature);
  }, [row]);
  const properties = row?.feature.properties ?? {};
  const title = named(properties, 'name');
  const status = text(properties.status);
  const village = villageOf(properties);
  const { place } = row ?? {};
  return (
    <Sheet
      label={title || t.loading}
      detent={detent}
      head={
        <>
          {header}
          <PanelHead title={title} focus={opened}>
            <Facts of={[named(properties, 'category_title') || layer?.title, place?.name]} />
          </PanelHead>
        </>
      }
    >
      <Body label={t.panelOf(title)}>
        <div class="notes">
          <LoadNote what={layer?.title ?? ''} load={load} again={() => void rows.again()} />
        </div>
        {status && !row?.sections.length && (
          <p class="sec">
            <Status status={status} title={text(properties.status_title) || status} />
          </p>
        )}
        {place &&
          row?.sections.map((section) => {
            const { component: Content } = sectionEntry(section.key);
            return (
              <section class="sec" key={section.key} aria-label={section.title}>
                <Content section={section} body={section.body} place={place} />
              </section>
            );
          })}
        <FactList layer={layer} properties={properties} />
        {village && place && (
          <div class="sec">
            <button type="button" class="btn block" onClick={() => select({ kind: 'village', id: village })}>
              <Icon name="village" size="s" />
              {t.inVillage(place.name)}
            </button>
          </div>
        )}
      </Body>
    </Sheet>
  );
}
