/** The screen of a hall: head, what is shown now, foot. It has no links: nobody leaves from here. */

import { boot } from '../../core/boot';
import { moment, shortName, time } from '../../core/format';
import { t } from '../../core/i18n';
import { Brand, Icon } from '../../core/icons/Icon';
import { isCutOff, oldestAt, shownPlaces } from './data';
import { StageMap } from './map';
import { plan, type ViewName } from './plan';
import { goOn, IDLE_S, idleLeft, open, shownFacts, slide, slides, step, stopped, wall } from './rotation';
import { BoardSlide, CountsColumn, Photos, PlaceColumn } from './slides';
import { k } from './words';

const locale = boot.lang === 'en' ? 'en-GB' : 'zh-CN';
const zone = 'Asia/Shanghai';
const dayOf = new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', weekday: 'short', timeZone: zone });

/** "9 月 16 日 周三". */
const today = (at: number): string => dayOf.format(at).replace(/(\d)(?=[月日])|([月日])(?=[\d周])/g, '$1$2 ');

function Head() {
  const county = boot.facts;
  return (
    <header class="khead">
      <span class="brand">
        <Brand size={48} />
        {county && t.title(shortName(county.name))}
      </span>
      {county?.is_demo && <span class="demo">{t.demo}</span>}
      <Tabs />
      <span class="grow" />
      {plan.hall && <span class="khall cut">{plan.hall}</span>}
      <span class="kclock">
        {today(wall.value)} <b>{time(wall.value)}</b>
      </span>
    </header>
  );
}

const VIEW_ICONS: Record<ViewName, string> = { townships: 'map', board: 'board', counts: 'list' };

/** Only those that are rotated: a screen for one thing has no tabs. */
function Tabs() {
  if (plan.views.length < 2) return null;
  return (
    <nav class="ktabs" aria-label={k.viewsLabel}>
      {plan.views.map((view) => (
        <button
          key={view}
          type="button"
          aria-current={slide.value.view === view ? 'page' : undefined}
          onClick={() => open((one) => one.view === view)}
        >
          <Icon name={VIEW_ICONS[view]} />
          {k.views[view]}
        </button>
      ))}
    </nav>
  );
}

const MOST_DOTS = 20;

function Position() {
  const { place } = slide.value;
  const places = shownPlaces.value;
  const nth = places.findIndex(({ code }) => code === place?.code);
  const many = places.length;
  if (many < 2 || nth < 0) return null;
  if (many > MOST_DOTS) return <p class="knth">{k.nth(nth + 1, many)}</p>;
  return (
    <div class="kdots" role="img" aria-label={k.position(nth + 1, many)}>
      {places.map(({ code }, index) => (
        <i key={code} class={index === nth ? 'on' : undefined} />
      ))}
    </div>
  );
}

function Title() {
  const { view, place } = slide.value;
  if (view === 'board') return null; // it has a title of its own
  return (
    <div class="ktitle">
      <h1>{place?.name ?? k.counts(boot.facts?.name ?? '')}</h1>
      <p>{stopped.value ? k.stopped : k.rotating}</p>
      <Position />
    </div>
  );
}

function Steps() {
  if (slides.value.length < 2) return null;
  return (
    <div class="ksteps">
      <button type="button" aria-label={k.previous} onClick={() => step(-1)}>
        <Icon name="back" />
      </button>
      <button type="button" aria-label={k.next} onClick={() => step(1)}>
        <Icon name="next" />
      </button>
    </div>
  );
}

function Foot() {
  const at = oldestAt(shownFacts.value);
  const known = Number.isFinite(at);
  const cut = isCutOff(shownFacts.value);
  return (
    <footer class="kfoot">
      <span>{boot.facts?.approval_number ? t.approval(boot.facts.approval_number) : t.approvalMissing}</span>
      <span class={cut ? 'kold' : undefined} role="status">
        {cut ? (known ? k.offline(moment(at)) : k.offlineNothing) : known ? k.updated(time(at)) : k.waiting}
      </span>
      <span class="grow" />
      {/* Its room is kept: a foot that grew under a finger would move the map. */}
      <button type="button" class="kgo" style={{ visibility: stopped.value ? '' : 'hidden' }} onClick={goOn}>
        {k.goOn}
      </button>
      <span>{stopped.value ? k.idleLeft(idleLeft.value) : k.idle(IDLE_S)}</span>
    </footer>
  );
}

function Notices() {
  if (!plan.notices.length) return null;
  return (
    <div class="knotices" role="note">
      {plan.notices.map((notice) => (
        <p key={notice}>{notice}</p>
      ))}
    </div>
  );
}

function Column() {
  if (slide.value.view === 'counts') return <CountsColumn />;
  const facts = shownFacts.value;
  return facts && <PlaceColumn key={facts.place.code} facts={facts} />;
}

export function App() {
  const facts = shownFacts.value;
  const bbox = boot.facts?.bbox;
  const isBoard = slide.value.view === 'board';
  return (
    <>
      <Head />
      <Notices />
      <main class="kmain">
        <div class="kleft">
          <div class="kmap">
            {bbox && <StageMap county={bbox} />}
            <Title />
            <Steps />
          </div>
          {facts && <Photos key={facts.place.code} facts={facts} />}
        </div>
        {isBoard ? <BoardSlide /> : <Column />}
      </main>
      <Foot />
    </>
  );
}
