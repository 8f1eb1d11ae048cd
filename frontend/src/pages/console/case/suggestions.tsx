/** What the machine proposes, each with its reason: a person decides. */

import { date, distance } from '../../../core/format';
import { Icon } from '../../../core/icons/Icon';
import { actsOf, begin } from '../moves/bar';
import type { Case } from '../store';
import { momentOf } from '../times';
import type { Report } from '../types';
import { c } from '../words';
import { openCompare } from './compare';
import { countedOf } from './counted';

interface LineProps {
  what: string;
  title: string;
  why: string;
  act?: { word: string; go: (opener: HTMLElement) => void };
}

function Line({ what, title, why, act }: LineProps) {
  return (
    <div class="sg">
      <dt class="k">{what}</dt>
      <dd class="grow">
        <b>{title}</b>
        {why && <span class="d">{why}</span>}
      </dd>
      {act && (
        <dd>
          <button type="button" class="link" onClick={(event) => act.go(event.currentTarget)}>
            {act.word}
            <span class="sr">{what}</span>
          </button>
        </dd>
      )}
    </div>
  );
}

function linesOf(now: Case, report: Report): LineProps[] {
  const { category, unit, duplicates, urgent_why } = report.suggestions;
  const change = (...names: string[]) => {
    const act = actsOf(now).find(({ name }) => names.includes(name));
    return act && { act: { word: c.change, go: () => begin(act, now) } };
  };
  const due = report.due_at ?? now.order?.row.due_at ?? '';
  const [nearest] = duplicates;
  const lines: (LineProps | '' | null | undefined)[] = [
    {
      ...{ what: c.s.category, title: category?.title ?? report.category_title, why: category?.why ?? '' },
      ...change('accept'),
    },
    unit && { what: c.s.unit, title: unit.name, why: unit.why, ...change('accept', 'assign') },
    urgent_why && { what: c.urgent, title: urgent_why, why: '' },
    due && { what: c.s.due, title: momentOf(due), why: now.order ? countedOf(now.order) : '' },
    nearest && {
      what: c.s.duplicate,
      title: c.s.alike(distance(nearest.distance_m), duplicates.length),
      why: `${date(nearest.submitted_on)} “${nearest.title}” ${nearest.status_title}`,
      act: { word: c.compare, go: (opener: HTMLElement) => openCompare(now, report, opener) },
    },
  ];
  return lines.flatMap((line) => line || []);
}

export function Suggestions({ now, report }: { now: Case; report: Report }) {
  const isNew = report.status === 'submitted';
  return (
    <section class="sug" aria-labelledby="sug-title">
      <h3 id="sug-title">
        <Icon name="info" size="s" />
        {isNew ? c.s.title : c.s.settled} {isNew && <span class="hint">{c.s.hint}</span>}
      </h3>
      <dl>
        {linesOf(now, report).map((line) => (
          <Line key={line.what} {...line} />
        ))}
      </dl>
    </section>
  );
}
