/** The staff page: what I answer for, as lists beside forms; on a phone one after the other. */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Brand, Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Skeleton } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { Toast } from '../../core/ui/toast';
import { screen } from '../../core/url';
import { SignOut } from '../../staff/top';
import { facilities, projects } from './api';
import { ContactScreen } from './contact';
import { leaveTo } from './editor';
import { FacilityScreen } from './facility';
import type { Option } from './fields';
import { type Entry, entries, Home } from './home';
import { type Listing, ListPane } from './list';
import { Uploader } from './photos';
import { ProjectScreen } from './project';
import { contactListing, facilityListing, openTo, ownPlaces, projectListing } from './subjects';
import type { FormOptions, Me } from './types';
import { m } from './words';

interface Known {
  options: FormOptions;
  categories: Option[];
}

const known = signal<Known | null>(null);
const trouble = signal('');

async function learn(): Promise<void> {
  try {
    const [options, kinds] = await Promise.all([projects.options(), facilities.categories()]);
    known.value = { options, categories: kinds.items };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = error.offline ? t.offline : error.message;
  }
}

function Top({ open, now }: { open: Entry[]; now: string }) {
  return (
    <header class="top">
      <a class="brand" href={`/c/${boot.county}/`} title={m.publicMap}>
        <Brand size={28} />
        <span class={wide.value ? '' : 'sr'}>{boot.facts?.name}</span>
        {m.title}
      </a>
      {boot.facts?.is_demo && <span class="demo">{t.demo}</span>}
      {wide.value && (
        <nav aria-label={m.nav}>
          <Entries open={open} now={now} />
        </nav>
      )}
      <Tools compact={!wide.value} />
      {wide.value && <SignOut title={m.signOut} />}
    </header>
  );
}

function Entries({ open, now, icons = false }: { open: Entry[]; now: string; icons?: boolean }) {
  const all = [{ key: '', icon: 'user', title: m.home }, ...open];
  return (
    <>
      {all.map(({ key, icon, title }) => (
        <button key={key} type="button" aria-current={key === now ? 'page' : undefined} onClick={() => leaveTo(key)}>
          {icons && <Icon name={icon} size="s" />}
          {title}
        </button>
      ))}
    </>
  );
}

function listingOf(subject: string, { options, categories }: Known): Listing | null {
  if (subject === 'projects') return projectListing(options);
  if (subject === 'facilities') return facilityListing(categories);
  return subject === 'contacts' ? contactListing() : null;
}

function Form({ subject, id, me, held }: { subject: string; id: string; me: Me; held: Known }) {
  if (subject === 'projects') return <ProjectScreen key={id} id={id} options={held.options} />;
  if (subject === 'facilities') return <FacilityScreen key={id} id={id} categories={held.categories} />;
  return <ContactScreen key={id} id={id} places={ownPlaces(me, held.options)} />;
}

function Work({ me, open }: { me: Me; open: Entry[] }) {
  const held = known.value as Known;
  const [subject = '', id = ''] = screen.value.split('/');
  if (!open.some(({ key }) => key === subject)) return <Home me={me} open={open} />;
  if (subject === 'photos') {
    return (
      <section class="single">
        <h1>{m.photos}</h1>
        <Uploader fixed="" options={held.options} />
      </section>
    );
  }
  const listing = listingOf(subject, held);
  return (
    <div class={id ? 'two opened' : 'two'}>
      {listing && (wide.value || !id) && <ListPane key={subject} listing={listing} />}
      {(wide.value || id) && (
        <section class="editpane">
          {id ? <Form subject={subject} id={id} me={me} held={held} /> : <p class="mut choose">{m.choose}</p>}
        </section>
      )}
    </div>
  );
}

export function App() {
  useEffect(() => void learn(), []);
  const me = boot.me as unknown as Me | null;
  if (!me) return null;
  const may = known.value && openTo(me, known.value.options);
  const open = may ? entries().filter(({ key }) => may[key]) : [];
  const [now = '', id] = screen.value.split('/');
  return (
    <>
      <Top open={open} now={now} />
      <main class={wide.value || id ? 'work' : 'work withtabs'}>
        {trouble.value && <p class="note late">{trouble.value}</p>}
        {known.value ? <Work me={me} open={open} /> : !trouble.value && <Skeleton />}
        <Toast />
      </main>
      {!wide.value && !id && (
        <nav class="tabbar" aria-label={m.nav}>
          <Entries open={open} now={now} icons />
        </nav>
      )}
    </>
  );
}
