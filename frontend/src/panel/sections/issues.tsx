import { boot } from '../../core/boot';
import { date, percent } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import type { IssuesBody } from '../../core/types';
import { Figure } from '../../core/ui/Figure';
import { Facts, Status } from '../../core/ui/Status';
import { select } from '../../core/url';
import { lookOf } from '../../layers/report-status';
import type { PanelPlace, SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

export function issuesTab({ open, overdue }: IssuesBody): Tab {
  return { ...(open ? { count: open } : {}), ...(overdue ? { mark: 'late' } : {}) };
}

/** The form for a report about a place. */
export const reportAt = ({ level, code }: PanelPlace): string =>
  `/report?county=${boot.county}&lang=${boot.lang}${level === 'village' ? `&village=${code}` : ''}`;

/** What became of what people reported here: figures, the last ten, and the way to report. */
export function IssuesSection({ section, body, place }: SectionProps<IssuesBody>) {
  const figures = [
    { mark: 'work', count: body.open, title: p.issuesOpen },
    { mark: 'late', count: body.overdue, title: p.issuesOverdue },
    { mark: 'done', count: body.answered, title: p.issuesAnswered },
  ];
  const any = figures.some(({ count }) => count > 0);
  const satisfied = body.satisfied_percent ?? null;
  return (
    <SectionFrame title={section.title} aside={satisfied !== null && p.issuesSatisfied(percent(satisfied))}>
      {any && (
        <div class="kpi">
          {figures.map((figure) => (
            <Figure key={figure.mark} {...figure} />
          ))}
        </div>
      )}
      {body.note && <Nothing>{body.note}</Nothing>}
      <ul>
        {body.items.map(({ number, title, status, status_title, submitted_on, category_title }) => (
          <li key={number}>
            <button type="button" class="li" onClick={() => select({ kind: 'incidents', id: number })}>
              <span class="grow">
                <span class="t">{title}</span>
                <span class="d">
                  <Facts of={[date(submitted_on), category_title]} />
                </span>
              </span>
              <Status status={lookOf(status)} title={status_title} />
            </button>
          </li>
        ))}
      </ul>
      {!boot.embed && (
        <a class="btn sm soft" href={reportAt(place)}>
          <Icon name="plus" size="s" />
          {p.reportHere}
        </a>
      )}
    </SectionFrame>
  );
}
