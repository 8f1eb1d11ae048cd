/** How far it is, in five steps that everybody understands. */

import type { OwnReport } from '../../incidents/own';
import { k } from './words';

/** The step that is going on; -1 for reports that left the way. */
const AT: Record<string, number> = {
  submitted: 0,
  need_info: 0,
  accepted: 1,
  assigned: 2,
  in_progress: 2,
  waiting: 2,
  forwarded: 2,
  returned: 1,
  review: 3,
  answered: 4,
  closed: 5,
};

export function Ladder({ status }: Pick<OwnReport, 'status'>) {
  const now = AT[status] ?? -1;
  if (now < 0) return null;
  return (
    <ol class="ladder" aria-label={k.ladder}>
      {k.stages.map((title, index) => (
        <li
          key={title}
          class={index < now ? 'on' : index === now ? 'cur' : ''}
          aria-current={index === now ? 'step' : undefined}
        >
          {title}
        </li>
      ))}
    </ol>
  );
}
