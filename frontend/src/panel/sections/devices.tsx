import { date, isToday, time } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import type { DevicesBody } from '../../core/types';
import { Facts, Status } from '../../core/ui/Status';
import { chosenLayers, openList, select } from '../../core/url';
import '../../layers/devices';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

const LAYER = 'devices';

export const devicesTab = ({ total, alarming, offline }: DevicesBody): Tab => ({
  count: total,
  ...(alarming ? { mark: 'late' } : offline ? { mark: 'off' } : {}),
});

const openKind = (key: string) => openList(LAYER, 'type', key, [...new Set([...(chosenLayers.value ?? []), LAYER])]);

/** What measures and watches here: how many of each kind, and those with which something is wrong. */
export function DevicesSection({ section, body }: SectionProps<DevicesBody>) {
  return (
    <SectionFrame title={section.title} aside={p.devicesCount(body.total)}>
      <div class="chips kinds">
        {body.kinds.map(({ key, title, icon, total }) => (
          <button type="button" key={key} class="chip line" onClick={() => openKind(key)}>
            <Icon name={icon} size="xs" />
            {title} <span class="n">{total}</span>
          </button>
        ))}
      </div>
      {!body.items.length && <Nothing>{p.devicesFine}</Nothing>}
      <ul>
        {body.items.map(({ id, name, kind, state, state_title, since }) => (
          <li key={id}>
            <button type="button" class="li" onClick={() => select({ kind: LAYER, id: String(id) })}>
              <span class="grow">
                <span class="t">{name}</span>
                <span class="d">
                  <Facts of={[kind, since && p.since(isToday(since) ? time(since) : date(since))]} />
                </span>
              </span>
              <Status status={state} title={state_title} />
            </button>
          </li>
        ))}
      </ul>
    </SectionFrame>
  );
}
