import { useSignal } from '@preact/signals';
import { distance } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import type { FacilitiesBody, NearFacility } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import { select } from '../../core/url';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

const FIRST = 5;

export const facilitiesTab = ({ total }: FacilitiesBody): Tab => (total ? { count: total } : {});

function Row({ facility }: { facility: NearFacility }) {
  const { name, category_title: kind, distance_m: metres, hours } = facility;
  return (
    <li>
      <button type="button" class="li" onClick={() => select({ kind: 'facilities', id: String(facility.id) })}>
        <span class="tile">
          <Icon name={facility.icon} />
        </span>
        <span class="grow">
          <span class="t">{name}</span>
          <span class="d">
            <Facts of={[metres !== null && distance(metres), name.includes(kind) ? '' : kind, hours]} />
          </span>
        </span>
        <Icon name="next" size="s" />
      </button>
    </li>
  );
}

export function FacilitiesSection({ section, body }: SectionProps<FacilitiesBody>) {
  const all = useSignal(false);
  const shown = all.value ? body.items : body.items.slice(0, FIRST);
  return (
    <SectionFrame title={section.title} aside={body.total ? p.facilitiesCount(body.total) : ''}>
      {!body.items.length && <Nothing>{p.facilitiesNone}</Nothing>}
      <ul>
        {shown.map((facility) => (
          <Row key={facility.id} facility={facility} />
        ))}
      </ul>
      {shown.length < body.items.length && (
        <button
          type="button"
          class="btn sm soft"
          onClick={() => {
            all.value = true;
          }}
        >
          {p.showAll(body.items.length)}
        </button>
      )}
    </SectionFrame>
  );
}
