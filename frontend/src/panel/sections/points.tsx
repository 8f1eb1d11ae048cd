import { date } from '../../core/format';
import type { PointsBody } from '../../core/types';
import { Status } from '../../core/ui/Status';
import { select } from '../../core/url';
import { pointStyle } from '../../layers/styles';
import type { SectionProps, Tab } from '../model';
import { SectionFrame } from './frame';

const LAYER = 'changepoints';

export const pointsTab = ({ found }: PointsBody): Tab => ({ count: found });

/** What was seen from above to have changed here and was published: how many, and the last ten. */
export function PointsSection({ section, body }: SectionProps<PointsBody>) {
  return (
    <SectionFrame title={section.title} aside={body.note}>
      <ul>
        {body.items.map(({ id, title, found_on, stage, stage_title }) => (
          <li key={id}>
            <button type="button" class="li" onClick={() => select({ kind: LAYER, id: String(id) })}>
              <span class="grow">
                <span class="t">{title}</span>
                <span class="d">{date(found_on)}</span>
              </span>
              <Status status={pointStyle(LAYER).status(stage) ?? ''} title={stage_title} />
            </button>
          </li>
        ))}
      </ul>
    </SectionFrame>
  );
}
