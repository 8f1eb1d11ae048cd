import { date, number, percent } from '../../core/format';
import { statusLook } from '../../core/icons/marks';
import type { ProgressBody, ProjectProgress } from '../../core/types';
import { useFirst } from '../../core/ui/first';
import { Status } from '../../core/ui/Status';
import { addressOf, openView } from '../../core/url';
import { MonthTable, ProgressCurve } from '../curve';
import type { PanelPlace, SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

const FIRST = 6;
const weight = (project: ProjectProgress) => statusLook(project.status).weight;
const worstFirst = (projects: ProjectProgress[]) => [...projects].sort((a, b) => weight(b) - weight(a));

export function progressTab({ projects, total = projects.length }: ProgressBody): Tab {
  const worst = worstFirst(projects)[0];
  const bad = worst && weight(worst) >= 3 ? { mark: statusLook(worst.status).mark } : {};
  return projects.length ? { count: total, ...bad } : {};
}

function difference(project: ProjectProgress): string | undefined {
  const points = project.difference;
  if (points === null || project.status === 'done' || Math.abs(points) < 0.05) return undefined;
  const size = number(Math.abs(points));
  return points < 0 ? p.lessThanPlan(size) : p.moreThanPlan(size);
}

function Bar({ project }: { project: ProjectProgress }) {
  const { actual, planned } = project;
  const tone = statusLook(project.status).tone;
  const clamp = (value: number) => `${Math.max(0, Math.min(100, value))}%`;
  return (
    <span class={`bar ${tone}`}>
      <i style={{ width: clamp(actual ?? 0) }} />
      {planned !== null && planned < 100 && <u style={{ left: clamp(planned) }} />}
    </span>
  );
}

function Monthly({ project, open }: { project: ProjectProgress; open: boolean }) {
  const told = project.indicators.filter(({ months }) => months.length);
  if (!told.length) return null;
  const title = (name: string) => told.length > 1 && <h4 class="ind">{name}</h4>;
  const curve = (indicator: (typeof told)[number]) => (
    <div key={indicator.key}>
      {title(indicator.title)}
      <ProgressCurve indicator={indicator} tone={statusLook(project.status).tone} />
    </div>
  );
  return (
    <>
      {open && told.map(curve)}
      {project.note && <p class="f13 sub">{project.note}</p>}
      <details class="months">
        <summary>{p.monthly}</summary>
        {!open && told.map(curve)}
        {told.map((indicator) => (
          <MonthTable key={indicator.key} indicator={indicator} named={told.length > 1} />
        ))}
      </details>
    </>
  );
}

/** One project: bar is what is done, the tick is the plan, the sentence says the difference. */
export function ProjectRow({ project, open }: { project: ProjectProgress; open: boolean }) {
  const { name, actual, planned } = project;
  return (
    <li class="project">
      <div class="prog">
        <h3 class="nm">{name}</h3>
        <span class="v">{actual === null ? p.notYet : percent(actual)}</span>
        <Bar project={project} />
        <span class="n">
          <Status status={project.status} title={project.status_title} detail={difference(project)} />
          {planned !== null && planned < 100 && <span>{p.tickIsPlan(percent(planned))}</span>}
        </span>
      </div>
      <Monthly project={project} open={open} />
    </li>
  );
}

/** To the progress board, with the rows of the township open. */
function BoardLink({ place }: { place: PanelPlace }) {
  const township = place.code.length < 9 ? undefined : place.code.slice(0, 9);
  return (
    <a
      class="btn sm soft"
      href={addressOf('board', township)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openView('board', township);
      }}
    >
      {p.wholeBoard}
    </a>
  );
}

export function ProgressSection({ section, body, place }: SectionProps<ProgressBody>) {
  const projects = worstFirst(body.projects);
  const [shown, more] = useFirst(projects, FIRST);
  const { total = projects.length } = body;
  return (
    <SectionFrame title={section.title} aside={body.as_of && p.asOf(date(body.as_of))}>
      {!projects.length && <Nothing>{p.progressNone}</Nothing>}
      <ul>
        {shown.map((project, index) => (
          <ProjectRow
            key={project.id}
            project={project}
            open={index === 0 && (weight(project) > 0 || projects.length === 1)}
          />
        ))}
      </ul>
      {more}
      {!more && total > projects.length && <p class="f13 sub">{p.progressShown(projects.length, total)}</p>}
      {projects.length > 0 && (
        <p>
          <BoardLink place={place} />
        </p>
      )}
    </SectionFrame>
  );
}
