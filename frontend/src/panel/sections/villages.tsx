import type { VillagesBody } from '../../core/types';
import { select } from '../../core/url';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { SectionFrame } from './frame';

export const villagesTab = ({ items }: VillagesBody): Tab => ({ count: items.length });

export function VillagesSection({ section, body }: SectionProps<VillagesBody>) {
  return (
    <SectionFrame title={section.title} aside={p.villagesCount(body.items.length)}>
      <ul class="wrapped">
        {body.items.map(({ code, name }) => (
          <li key={code}>
            <button type="button" class="chip line" onClick={() => select({ kind: 'village', id: code })}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </SectionFrame>
  );
}
