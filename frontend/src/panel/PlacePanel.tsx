/** Everything about a village or a township, section by section. */

import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { boot } from '../core/boot';
import { endpoints } from '../core/endpoints';
import { dialable, number } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { loader } from '../core/load';
import type { Panel, PhonesBody, Section } from '../core/types';
import { LoadNote, Note } from '../core/ui/Notes';
import { Facts } from '../core/ui/Status';
import { select } from '../core/url';
import { AnchorTabs, anchor, useAnchors } from './anchors';
import { Body } from './Body';
import { PanelHead } from './Head';
import type { PanelPlace } from './model';
import { sectionEntry } from './registry';
import { type Detent, Sheet } from './Sheet';
import { reportAt } from './sections/issues';
import { p } from './words';

/** Shared, so that a village opened again is there at once. */
export const panels = loader<Panel>((code, signal) => endpoints.panel(code, signal));

function Subtitle({ place }: { place: PanelPlace }) {
  const { ancestors, households, population } = place;
  const county = ancestors.find(({ level }) => level === 'county');
  const township = ancestors.find(({ level }) => level === 'township');
  const people = [households ? p.households(number(households)) : '', population ? p.people(number(population)) : ''];
  return (
    <Facts
      of={[
        <>
          {county?.name}
          {township && (
            <>
              {p.comma}
              <button type="button" class="link" onClick={() => select({ kind: 'township', id: township.code })}>
                {township.name}
              </button>
            </>
          )}
        </>,
        ...people,
      ]}
    />
  );
}

function SectionView({ section, place }: { section: Section; place: PanelPlace }) {
  const { component: Content } = sectionEntry(section.key);
  return (
    <section class="sec" id={anchor(section.key)} tabIndex={-1} aria-label={section.title}>
      {section.unavailable ? (
        <>
          <div class="sech">
            <h2>{section.title}</h2>
          </div>
          <Note tone="soon" icon={<Icon name="alert" size="s" />}>
            <b>{p.unavailable}</b> {p.unavailableHint}
          </Note>
        </>
      ) : (
        <Content section={section} body={section.body} place={place} />
      )}
    </section>
  );
}

/** On phones what this page is for lies under the thumb: to report something here, and to call the right number. */
function Acts({ place, sections }: { place: PanelPlace; sections: Section[] }) {
  const body = sections.find(({ key }) => key === 'phones')?.body as PhonesBody | undefined;
  const phone = body?.supervision[0];
  if (boot.embed && !phone) return null;
  return (
    <div class="act only-p">
      {!boot.embed && (
        <a class="btn pri grow" href={reportAt(place)}>
          <Icon name="plus" size="s" />
          {t.reportLong}
        </a>
      )}
      {phone && (
        <a class="btn grow" href={`tel:${dialable(phone.number)}`} aria-label={p.callTo(phone.title, phone.number)}>
          <Icon name="phone" size="s" />
          <span class="nw">{phone.number}</span>
        </a>
      )}
    </div>
  );
}

interface PlacePanelProps {
  code: string;
  detent: Signal<Detent>;
  /** The name, where something else has it already (the map, from its outline). */
  known?: string | undefined;
  /** Whether the reader opened it just now (and not the address at start). */
  opened: boolean;
  header?: preact.ComponentChildren;
  share?: ((title: string) => void) | undefined;
}

export function PlacePanel({ code, known = '', detent, opened, header, share }: PlacePanelProps) {
  const load = panels.state.value;
  const panel = load.key === code ? load.data : undefined;
  useEffect(() => void panels.load(code), [code]);
  const sections = panel?.sections ?? [];
  const { body, current, go, onScroll } = useAnchors(code, sections);
  const jump = (key: string) => {
    if (detent.value === 'peek') detent.value = 'half';
    go(key);
  };
  const missing = load.key === code && load.phase === 'error' && !panel;
  const title = panel?.place.name ?? (known || (missing ? p.place : ''));
  return (
    <Sheet
      label={title || t.loading}
      detent={detent}
      head={
        <>
          {header}
          <PanelHead title={title} focus={opened} share={share}>
            {panel && <Subtitle place={panel.place} />}
          </PanelHead>
        </>
      }
      act={panel && <Acts place={panel.place} sections={sections} />}
    >
      {sections.length > 0 && (
        <AnchorTabs sections={sections} current={current.value || sections[0]?.key || ''} go={jump} />
      )}
      <Body label={p.panelOf(title)} inner={body} onScroll={onScroll}>
        <div class="notes">
          <LoadNote what={title || p.place} load={load} again={() => void panels.again()} />
        </div>
        {panel && sections.map((section) => <SectionView key={section.key} section={section} place={panel.place} />)}
        {panel?.place.illustrative && <p class="legal">{t.illustrative}</p>}
      </Body>
    </Sheet>
  );
}
