/** What can be maintained: for each subject its list, and the places a person may choose. */

import { date } from '../../core/format';
import { t } from '../../core/i18n';
import { Facts, Status } from '../../core/ui/Status';
import { contacts, facilities, projects } from './api';
import type { Option } from './fields';
import type { Listing, Row } from './list';
import type { Contact, FormOptions, Line, Me, Page } from './types';
import { m } from './words';

const PAGE = 50;
const word = (value: unknown) => (typeof value === 'string' ? value : '');

function projectRow({ id, properties: p }: Line): Row {
  const due = word(p.planned_end);
  const rate = typeof p.actual === 'number' ? t.actualOnly(`${p.actual}%`) : '';
  return {
    id: String(id),
    title: word(p.name),
    line: (
      <Facts
        of={[word(p.category_title), word(p.village_name) || word(p.township_name), rate, due && m.dueOn(date(due))]}
      />
    ),
    mark: <Status status={word(p.status)} title={m.projectStatus[word(p.status)] ?? ''} />,
  };
}

function facilityRow({ id, properties: p }: Line): Row {
  return {
    id: String(id),
    title: word(p.name),
    line: <Facts of={[word(p.category_title), word(p.village_name), word(p.hours)]} />,
    mark: p.is_published === false ? <span class="status">{m.unpublishedMark}</span> : undefined,
  };
}

function contactRow(contact: Contact): Row {
  return {
    id: String(contact.id),
    title: contact.title,
    line: <Facts of={[contact.place.name, contact.number, contact.duty ?? '']} />,
    mark: (
      <span class={contact.kind === 'supervision' ? 'status work' : 'status'}>
        {m.contactKinds[contact.kind ?? 'contact']}
      </span>
    ),
  };
}

/** A row may be listed when the person may do at least one of these to it; the widest right asks the server. */
const LISTED_BY = ['update', 'notice', 'photo_add'] as const;

export function projectListing(options: FormOptions): Listing {
  const act = LISTED_BY.find((one) => options.may.includes(one)) ?? 'update';
  return {
    subject: 'projects',
    layer: 'projects',
    title: m.projects,
    newTitle: options.may.includes('create') ? m.newProject : null,
    filters: ['late', 'backward', 'stopped', 'normal', 'planned', 'done'].map((key) => ({
      key,
      title: m.projectStatus[key] ?? key,
    })),
    async find({ q, filter, after }, signal) {
      const page = await projects.list({ act, q, status: filter, after, limit: PAGE }, signal);
      return { rows: page.features.map(projectRow), total: page.matched, next: page.next };
    },
  };
}

export function facilityListing(categories: Option[]): Listing {
  return {
    subject: 'facilities',
    layer: 'facilities',
    title: m.facilities,
    newTitle: m.newFacility,
    filters: categories,
    async find({ q, filter, after }, signal) {
      const page = await facilities.list({ own: 'true', q, category: filter, after, limit: PAGE }, signal);
      return { rows: page.features.map(facilityRow), total: page.matched, next: page.next };
    },
  };
}

export function contactListing(): Listing {
  return {
    subject: 'contacts',
    title: m.contacts,
    newTitle: m.newContact,
    filters: Object.entries(m.contactKinds).map(([key, title]) => ({ key, title })),
    async find({ q, filter, after }, signal) {
      const page = await contacts.list({ q, kind: filter, offset: after, limit: PAGE }, signal);
      const until = after + page.items.length;
      return { rows: page.items.map(contactRow), total: page.total, next: until < page.total ? until : null };
    },
  };
}

/** All projects to which the person may add photos. */
export async function photoProjects(): Promise<Option[]> {
  const found: Option[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const { features, next }: Page = await projects.list({ act: 'photo_add', limit: 200, after });
    found.push(
      ...features.map(({ id, properties: p }) => ({
        key: String(id),
        title: String(p.name),
        group: String(p.township_name ?? p.village_name ?? ''),
      })),
    );
    after = next;
  }
  return found.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? '', 'zh'));
}

/** Places a person answers for: those named in the jurisdiction, and the townships and villages inside them. */
export function ownPlaces(me: Me, options: FormOptions): Option[] {
  const own = (code: string) => me.jurisdiction.some((place) => code.startsWith(place.code));
  const villages = options.villages.filter(({ code }) => own(code));
  const townships = new Map(villages.map(({ code, township }) => [code.slice(0, 9), township]));
  const above = [...townships]
    .filter(([code]) => own(code))
    .map(([key, title]) => ({ key, title, group: t.levels.township ?? '' }));
  const named = me.jurisdiction.map(({ code, name }) => ({ key: code, title: name, group: m.answerFor }));
  const known = new Set(named.map(({ key }) => key));
  const rest = [...above, ...villages.map(({ code, name, township }) => ({ key: code, title: name, group: township }))];
  return [...named, ...rest.filter(({ key }) => !known.has(key))];
}

/** What the role may open at all; each list then shows only rows of one's own. */
export function openTo(me: Me, options: FormOptions) {
  const keeps = me.jurisdiction.length > 0 && me.role !== 'admin' && me.role !== 'supervisor';
  return {
    projects: options.may.length > 0,
    photos: options.may.includes('photo_add'),
    facilities: keeps || me.role === 'handler',
    contacts: keeps && me.role !== 'handler',
  };
}
