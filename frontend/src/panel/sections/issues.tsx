import type { IssuesBody } from '../../core/types';
import { Figure } from '../../core/ui/Figure';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

export function issuesTab({ open, overdue }: IssuesBody): Tab {
  return { ...(open ? { count: open } : {}), ...(overdue ? { mark: 'late' } : {}) };
}

/** What became of what people reported here: figures once there are any, until then a plain sentence. */
export function IssuesSection({ section, body }: SectionProps<IssuesBody>) {
  const figures = [
    { mark: 'work', count: body.open, title: p.issuesOpen },
    { mark: 'late', count: body.overdue, title: p.issuesOverdue },
    { mark: 'done', count: body.answered, title: p.issuesAnswered },
  ];
  const any = figures.some(({ count }) => count > 0);
  return (
    <SectionFrame title={section.title}>
      {any && (
        <div class="kpi">
          {figures.map((figure) => (
            <Figure key={figure.mark} {...figure} />
          ))}
        </div>
      )}
      {body.note && <Nothing>{body.note}</Nothing>}
    </SectionFrame>
  );
}
