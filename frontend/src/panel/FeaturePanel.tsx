/** One row of a point layer: its facts, and for a project what its village's panel knows of it. */

import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { endpoints } from '../core/endpoints';
import { date, named, number } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { loader } from '../core/load';
import type {
  Device,
  Feature,
  Incident,
  Indicator,
  LayerField,
  LayerInfo,
  NoticesBody,
  OwnPhoto,
  Panel,
  PhotosBody,
  ProgressBody,
  ProjectProgress,
  Properties,
  Section,
} from '../core/types';
import { LoadNote } from '../core/ui/Notes';
import { Facts, Status } from '../core/ui/Status';
import { select } from '../core/url';
import { pointStyle, ruleFor } from '../layers/styles';
import { Body } from './Body';
import '../layers/devices';
import { DevicePart } from './device';
import { PanelHead } from './Head';
import { sectionEntry } from './registry';
import { ReportFacts } from './report';
import { type Detent, Sheet } from './Sheet';
import { PhoneRow } from './sections/phones';
import { p } from './words';

interface Row {
  feature: Feature;
  /** Sections about this row alone; none for layers whose village panel says nothing of single rows. */
  sections: Section[];
  place: Panel['place'] | null;
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? number(value) : '';

/** The project as its own address tells it: a summary, and its curves. */
function progressOf({ line, curves }: Properties): ProgressBody | null {
  if (typeof line !== 'object' || !line) return null;
  const indicators = Array.isArray(curves) ? (curves as Indicator[]) : [];
  return { as_of: null, projects: [{ ...(line as ProjectProgress), indicators }] };
}

/** All photos of the project as its own address tells them; those that are not published yet are not for this page. */
function photosOf(id: number, { line, photos }: Properties): PhotosBody {
  const project = { id, name: named((line as Properties | undefined) ?? {}, 'name') };
  const told = Array.isArray(photos) ? (photos as OwnPhoto[]).filter(({ state }) => state === 'published') : [];
  const items = told.map((photo) => ({
    ...photo,
    caption: named(photo, 'caption'),
    alt: named(photo, 'alt'),
    village: photo.village?.code ?? '',
    project,
  }));
  return { total: items.length, items };
}

/** One section of the village cut down to one project; null where it says nothing of single projects. */
function cutDown(id: number, section: Section, properties: Properties): Section | null {
  const mine = <Item extends { project: { id: number } | null }>(items: Item[]) =>
    items.filter(({ project }) => project?.id === id);
  if (section.key === 'progress') {
    const body = section.body as ProgressBody | undefined;
    const own = progressOf(properties);
    const projects = body?.projects.filter((project) => project.id === id) ?? [];
    return own || projects.length ? { ...section, unavailable: false, body: own ?? { ...body, projects } } : section;
  }
  if (section.unavailable) return null;
  if (section.key === 'photos') return { ...section, body: photosOf(id, properties) };
  if (section.key !== 'notices') return null;
  const items = mine((section.body as NoticesBody).items);
  return items.length ? { ...section, body: { items } } : null;
}

function project(feature: Feature, panel: Panel | null): Section[] {
  const cut = panel?.sections.map((section) => cutDown(Number(feature.id), section, feature.properties)) ?? [];
  return cut.filter((section) => section !== null);
}

/** A report in the shape of a row. */
async function report(id: string, signal: AbortSignal): Promise<Feature> {
  const told = await endpoints.incident(id, signal);
  const properties = { ...told, name: told.title } as unknown as Properties;
  return { type: 'Feature', id: told.number, geometry: { type: 'Point', coordinates: told.lonlat }, properties };
}

/** A device likewise. */
async function device(id: string, signal: AbortSignal): Promise<Feature> {
  const told = await endpoints.device(id, signal);
  const properties = { ...told, category_title: told.type_title, category_title_en: told.type_title_en };
  return { type: 'Feature', id: told.id, geometry: { type: 'Point', coordinates: told.lonlat }, properties };
}

const OWN: Record<string, (id: string, signal: AbortSignal) => Promise<Feature>> = {
  incidents: report,
  devices: device,
};

async function fetchRow(key: string, signal: AbortSignal): Promise<Row> {
  const [layer = '', id = ''] = key.split(':');
  const ask = layer === 'changepoints' ? endpoints.row : endpoints.item; // those have no address of their own
  const feature = await (OWN[layer]?.(id, signal) ?? ask(layer, id, signal));
  const village = villageOf(feature.properties);
  const panel = village ? await endpoints.panel(village, signal).catch(() => null) : null;
  return { feature, sections: layer === 'projects' ? project(feature, panel) : [], place: panel?.place ?? null };
}

export const rows = loader<Row>(fetchRow);

/** What a row says of itself; a project's address keeps that in a summary of its own. */
function summary({ line, ...properties }: Properties): Properties {
  return typeof line === 'object' && line ? { ...properties, ...line } : properties;
}

function villageOf(properties: Properties): string {
  const { village } = summary(properties);
  return typeof village === 'object' && village ? text((village as Properties).code) : text(village);
}

/** Said by the heading, the status or a section already, or of use to machines only. */
const SAID =
  /^(name|code|phone|icon|stage|status|category|\w+_title|description|actual|planned|difference|month|note|photo_count|version|updated_at|hours|(village|township|supervision)(_\w+)?)$|_en$|_id$/;

/** Money in the unit people speak of: 841 万元. */
function amount(value: number, unit: string): string {
  const inTenThousands = unit === '元' && value >= 10000;
  return inTenThousands ? `${number(value / 10000)} 万元` : `${number(value)} ${unit}`.trim();
}

function spoken(properties: Properties, { name, type, unit }: LayerField): string {
  const value = properties[name];
  if (typeof value === 'boolean') return value ? p.yes : p.no;
  if (typeof value === 'number') return amount(value, unit);
  if (typeof value === 'object' && value && 'title' in value) return text(value.title);
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join('、');
  const said = named(properties, `${name}_title`) || named(properties, name);
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
  const phone = text(properties.phone) || text(properties.supervision_phone);
  const who = named(properties, 'supervision_title') || p.phone;
  const hours = named(properties, 'hours');
  const description = named(properties, 'description');
  if (!told.length && !phone && !description) return null;
  return (
    <section class="sec" aria-label={p.facts}>
      {description && <p class="f14 text">{description}</p>}
      <dl class="facts">
        {told.map(({ title, value }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!phone && hours && <p class="f14">{hours}</p>}
      {phone && (
        <ul>
          <PhoneRow who={who} facts={[hours]} phone={phone} right />
        </ul>
      )}
    </section>
  );
}

type StandingProps = Pick<FeaturePanelProps, 'layer' | 'kind'> & { properties: Properties };

/** How a row stands, in its own words or in those of the legend. */
function Standing({ layer, kind, properties }: StandingProps) {
  const value = text(properties.status) || text(properties[layer?.style_by ?? '']);
  const look = pointStyle(kind).status(value, properties);
  const title = text(properties.status_title) || (look && layer && ruleFor(layer, value)?.title);
  return title ? (
    <p class="sec">
      <Status status={look ?? value} title={title} />
    </p>
  ) : null;
}

interface FeaturePanelProps {
  layer: LayerInfo | undefined;
  kind: string;
  id: string;
  detent: Signal<Detent>;
  opened: boolean;
  header?: preact.ComponentChildren;
  share?: ((title: string) => void) | undefined;
  onFeature(feature: Feature): void;
}

const titleOf = (layer: LayerInfo | undefined) => layer?.title ?? '';

export function FeaturePanel({ layer, kind, id, detent, opened, header, share, onFeature }: FeaturePanelProps) {
  const key = `${kind}:${id}`;
  const load = rows.state.value;
  const row = load.key === key ? load.data : undefined;
  useEffect(() => void rows.load(key), [key]);
  useEffect(() => {
    if (row) onFeature(row.feature);
  }, [row]);
  const properties = summary(row?.feature.properties ?? {});
  const layerTitle = titleOf(layer);
  const title = named(properties, 'name') || (load.phase === 'error' ? layerTitle : '');
  const village = villageOf(properties);
  const { place } = row ?? {};
  return (
    <Sheet
      label={title || t.loading}
      detent={detent}
      head={
        <>
          {header}
          <PanelHead title={title} focus={opened} share={share}>
            <Facts of={[named(properties, 'category_title') || (row && layerTitle), place?.name]} />
          </PanelHead>
        </>
      }
    >
      <Body label={p.panelOf(title)}>
        <div class="notes">
          <LoadNote what={layerTitle} load={load} again={() => void rows.again()} />
        </div>
        {!row?.sections.length && <Standing layer={layer} kind={kind} properties={properties} />}
        {place &&
          row?.sections.map((section) => {
            const { component: Content } = sectionEntry(section.key);
            return (
              <section class="sec" key={section.key} aria-label={section.title}>
                <Content section={section} body={section.body} place={place} />
              </section>
            );
          })}
        {row && kind in OWN ? (
          kind === 'devices' ? (
            <DevicePart device={row.feature.properties as unknown as Device} />
          ) : (
            <ReportFacts of={row.feature.properties as unknown as Incident} />
          )
        ) : (
          <FactList layer={layer} properties={properties} />
        )}
        {village && place && (
          <div class="sec">
            <button type="button" class="btn block" onClick={() => select({ kind: 'village', id: village })}>
              <Icon name="village" size="s" />
              {p.inVillage(place.name)}
            </button>
          </div>
        )}
      </Body>
    </Sheet>
  );
}
