/** The county's front: how many works there are, and which ones must be watched this month. */

import { date, isToday, number, percent, shortName, time } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import type { County, Overview, WatchedProject } from '../../core/types';
import { Figure } from '../../core/ui/Figure';
import { useFirst } from '../../core/ui/first';
import { Empty, LoadNote, Waiting } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { Tools } from '../../core/ui/Tools';
import { base, select } from '../../core/url';
import { pointStyle, ruleFor } from '../../layers/styles';
import { Sheet } from '../../panel/Sheet';
import { ShareButton } from './act';
import { Search } from './search';
import { county, homeDetent, layerOf, overview } from './store';

/** Rows before "more": each is a stop of the keyboard, and the page begins with at most twenty-five of them. */
const FIRST = 3;

function Figures({ counts }: { counts: Overview['counts'] }) {
  return (
    <div class="kpi">
      <Figure count={counts.projects} title={t.projects} />
      <Figure count={counts.late} title={t.late} mark="late" />
      <Figure count={counts.stopped} title={t.stopped} mark="pause" />
      <Figure count={counts.backward} title={t.backward} mark="down" />
    </div>
  );
}

function iconOf(project: WatchedProject): string {
  const layer = layerOf('projects');
  const properties = { ...project };
  return pointStyle('projects').icon(properties, layer && ruleFor(layer, project.category));
}

function Watched({ project }: { project: WatchedProject }) {
  const { actual, planned, difference } = project;
  const fact =
    actual === null
      ? ''
      : planned === null
        ? t.actualOnly(percent(Math.round(actual)))
        : t.actualPlanned(percent(Math.round(actual)), percent(Math.round(planned)));
  const detail = project.status === 'late' && difference ? t.points(number(Math.abs(difference))) : undefined;
  return (
    <li>
      <button type="button" class="li" onClick={() => select({ kind: 'projects', id: String(project.id) })}>
        <span class="tile p">
          <Icon name={iconOf(project)} />
        </span>
        <span class="grow">
          <span class="t">{project.name}</span>
          <span class="d">
            <Facts of={[project.township?.name ?? project.village?.name, fact]} />
          </span>
        </span>
        <Status status={project.status} title={project.status_title} detail={detail} />
      </button>
    </li>
  );
}

/** Good news only where there is something to be good: a county that has published nothing says so. */
function NothingToWatch({ published }: { published: number }) {
  if (published) return <Empty title={t.watchNone}>{t.watchNoneHint}</Empty>;
  return (
    <Empty icon="info" title={t.projectsNone}>
      {t.projectsNoneHint}
    </Empty>
  );
}

function Watch({ projects, published }: { projects: WatchedProject[]; published: number }) {
  const [shown, more] = useFirst(projects, FIRST);
  return (
    <section class="sec" aria-label={t.watch}>
      <div class="sech">
        <h2>{t.watch}</h2>
        {projects.length > 0 && <span class="mut f13">{t.watchAll(projects.length)}</span>}
      </div>
      {projects.length ? (
        <ul>
          {shown.map((project) => (
            <Watched key={project.id} project={project} />
          ))}
        </ul>
      ) : (
        <NothingToWatch published={published} />
      )}
      {more}
    </section>
  );
}

/** "今天 10:20" on the day itself, else the day. */
const when = (asOf: string) => (isToday(asOf) ? t.todayAt(time(asOf)) : `${date(asOf)} ${time(asOf)}`);

function Foot({ county: { is_demo: demo, me } }: { county: County }) {
  return (
    <p class="legal">
      <Icon name="info" size="xs" />
      <span>
        {t.pickVillage}
        {demo && ` ${t.demoWhy}`}
      </span>
      {me?.may.includes('manage') ? <a href={`${base()}manage`}>{t.manage}</a> : <a href="/login">{t.signIn}</a>}
    </p>
  );
}

export function Home() {
  const here = county.state.value.data;
  const load = overview.state.value;
  const facts = load.data;
  return (
    <Sheet
      label={here ? t.today(here.name) : t.loading}
      detent={homeDetent}
      head={
        <>
          {wide.value && (
            <div class="sidesearch">
              <Search flat />
            </div>
          )}
          <div class="phead">
            <div class="grow">
              <h1>{here ? t.today(shortName(here.name)) : <Waiting />}</h1>
              <p class="sub f14">
                {here && (
                  <Facts of={[t.counted(here.townships, here.villages), here.as_of && t.updated(when(here.as_of))]} />
                )}
              </p>
            </div>
            {!wide.value && (
              <Tools compact>
                <ShareButton compact />
              </Tools>
            )}
          </div>
        </>
      }
    >
      {/* Its buttons are reached by keyboard, and it scrolls with them: no stop of its own. */}
      <div class="body">
        <div class="notes">
          <LoadNote what={t.projects} load={load} again={() => void overview.again()} />
        </div>
        {facts && (
          <>
            <div class="pad">
              <Figures counts={facts.counts} />
            </div>
            <Watch projects={facts.watch} published={facts.counts.projects} />
          </>
        )}
        {here && <Foot county={here} />}
      </div>
    </Sheet>
  );
}
