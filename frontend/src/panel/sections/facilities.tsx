import { useSignal } from '@preact/signals';
import { dialable, distance, number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { position } from '../../core/media';
import type { FacilitiesBody, NearFacility } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import { select } from '../../core/url';
import { isOpen, momentOf } from '../hours';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

const FIRST = 5;
/** Metres of a degree of latitude, and of longitude at the equator. */
const DEGREE = 111_320;

export const facilitiesTab = ({ total }: FacilitiesBody): Tab => (total ? { count: total } : {});

/** By distance from the reader, on a plane: within a county that is off by less than a metre in a hundred. */
function from(here: { lon: number; lat: number }, items: NearFacility[]): NearFacility[] {
  const across = DEGREE * Math.cos((here.lat * Math.PI) / 180);
  const away = ({ lon, lat }: NearFacility) => Math.hypot((lon - here.lon) * across, (lat - here.lat) * DEGREE);
  return items.map((item) => ({ ...item, distance_m: away(item) })).sort((a, b) => a.distance_m - b.distance_m);
}

function openWord({ status, hours_entered: hours }: NearFacility): string {
  if (status !== 'open') return p.facilityStatus[status] ?? '';
  const open = hours ? isOpen(hours, momentOf(new Date())) : null;
  return open === null ? '' : open ? p.openNow : p.closedNow;
}

function Row({ facility }: { facility: NearFacility }) {
  const { name, category_title: kind, distance_m: metres, hours, phone } = facility;
  const word = openWord(facility);
  return (
    <li class="fac">
      <button type="button" class="li" onClick={() => select({ kind: 'facilities', id: String(facility.id) })}>
        <span class="tile">
          <Icon name={facility.icon} />
        </span>
        <span class="grow">
          <span class="t">{name}</span>
          <span class="d">
            <Facts of={[distance(metres), name.includes(kind) ? '' : kind, word && <b>{word}</b>, hours]} />
          </span>
        </span>
      </button>
      {phone && (
        <a class="num" href={`tel:${dialable(phone)}`} aria-label={p.callTo(name, phone)}>
          <Icon name="phone" size="s" />
          {phone}
        </a>
      )}
    </li>
  );
}

const Rows = ({ of }: { of: NearFacility[] }) => (
  <ul>
    {of.map((facility) => (
      <Row key={facility.id} facility={facility} />
    ))}
  </ul>
);

interface ChipsProps {
  items: NearFacility[];
  chosen: string;
  choose(category: string): void;
}

function Chips({ items, chosen, choose }: ChipsProps) {
  const kinds = [...new Map(items.map((item) => [item.category, item.category_title]))];
  if (kinds.length < 2) return null;
  return (
    <div class="chips kinds">
      {kinds.map(([key, title]) => (
        <button
          type="button"
          key={key}
          class="chip line"
          aria-pressed={chosen === key}
          onClick={() => choose(chosen === key ? '' : key)}
        >
          {title} <span class="n">{number(items.filter(({ category }) => category === key).length)}</span>
        </button>
      ))}
    </div>
  );
}

export function FacilitiesSection({ section, body }: SectionProps<FacilitiesBody>) {
  const all = useSignal(false);
  const chosen = useSignal('');
  const { items, nearest, total } = body;
  // The server gives the nearest to the middle: from elsewhere others may be nearer, unless these are all.
  const here = items.length === total ? position.value : null;
  const found = (here ? from(here, items) : items).filter(({ category }) => !chosen.value || category === chosen.value);
  const shown = all.value || chosen.value ? found : found.slice(0, FIRST);
  const aside = here ? p.facilitiesFromHere(total) : p.facilitiesCount(total);
  return (
    <SectionFrame title={section.title} aside={total ? aside : ''}>
      <Chips
        items={items}
        chosen={chosen.value}
        choose={(category) => {
          chosen.value = category;
        }}
      />
      {!items.length && <Nothing>{p.facilitiesNone}</Nothing>}
      {shown.length > 0 && <Rows of={shown} />}
      {shown.length < found.length && (
        <button
          type="button"
          class="btn sm soft"
          onClick={() => {
            all.value = true;
          }}
        >
          {p.showAll(found.length)}
        </button>
      )}
      {all.value && items.length < total && <p class="f13 sub">{p.facilitiesShown(items.length, total)}</p>}
      {nearest.length > 0 && (
        <>
          <h3 class="sub3">{p.facilitiesNextDoor}</h3>
          <Rows of={nearest} />
        </>
      )}
    </SectionFrame>
  );
}
