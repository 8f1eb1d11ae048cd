/** The pages of the rotation: a place, the board, the figures. */

import { date, number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import type { PhotosBody, ProgressBody } from '../../core/types';
import { sources } from '../../panel/photo';
import {
  BoardCard,
  Card,
  FacilitiesCard,
  Figures,
  figuresIn,
  figuresOf,
  NoticesCard,
  PhonesCard,
  Scan,
  WorkRow,
  WorksCard,
} from './cards';
import { board, facilityCounts, layers, overview, type PlaceFacts, townshipsShown } from './data';
import { plan } from './plan';
import { k } from './words';

const MOST_PHOTOS = 4;
/** Beside so many works there is room for what is near. */
const FEW_WORKS = 2;
/** Facilities beside one work of a park; each work more takes the room of one. */
const PARK_FACILITIES = 3;

export function Photos({ facts }: { facts: PlaceFacts }) {
  const items = facts.section<PhotosBody>('photos')?.items ?? [];
  if (!items.length) return null;
  return (
    <section class="kphotos" aria-label={k.photos}>
      {items.slice(0, MOST_PHOTOS).map((photo) => (
        <figure key={photo.id}>
          <img
            src={photo.thumb}
            srcset={sources(photo, 'thumb', 'medium')}
            sizes="(min-aspect-ratio: 1/1) 15vw, 24vw"
            alt={photo.alt}
            decoding="async"
          />
          <figcaption>
            <b>{photo.project.name}</b>
            <span>{k.taken(date(photo.taken_on), photo.caption)}</span>
          </figcaption>
        </figure>
      ))}
    </section>
  );
}

const selected = ({ place: { level, code } }: PlaceFacts) => (level === 'county' ? '' : `?sel=${level}:${code}`);

/** Which facts come first depends on who stands before the screen. */
function FactsFor({ facts }: { facts: PlaceFacts }) {
  const works = facts.section<ProgressBody>('progress');
  const count = works?.projects.length ?? 0;
  if (plan.audience === 'community')
    return (
      <>
        <FacilitiesCard facts={facts} />
        <PhonesCard facts={facts} />
        <NoticesCard facts={facts} />
      </>
    );
  if (plan.audience === 'park')
    return (
      <>
        <WorksCard facts={facts} />
        <NoticesCard facts={facts} />
        {count <= FEW_WORKS && <FacilitiesCard facts={facts} most={PARK_FACILITIES - Math.max(0, count - 1)} />}
      </>
    );
  const county = townshipsShown && !plan.audience;
  const figures = county
    ? overview.data && figuresOf(overview.data.counts)
    : works && count > 0 && figuresIn(works.projects, works.total ?? count);
  const few = !county && count <= FEW_WORKS;
  return (
    <>
      {figures ? <Figures of={figures} /> : null}
      {county ? <BoardCard here={facts.place.code} /> : <WorksCard facts={facts} few={few} />}
      {few && <FacilitiesCard facts={facts} />}
    </>
  );
}

export function PlaceColumn({ facts }: { facts: PlaceFacts }) {
  return (
    <div class="kright">
      <FactsFor facts={facts} />
      <Scan title={k.scan(facts.place.name)} path={selected(facts)} facts={facts} />
    </div>
  );
}

export function BoardSlide() {
  const reasons = board.data?.reasons ?? [];
  return (
    <div class="kwide">
      <h1 class="sr">{k.board}</h1>
      <BoardCard here={plan.place.code} total />
      <div class="kright">
        <Card title={k.watch} aside={reasons.length ? k.worksTotal(reasons.length) : ''}>
          {board.data && !reasons.length && <p class="knone">{k.watchNone}</p>}
          <ul class="krows">
            {reasons.map((work) => (
              <WorkRow key={work.id} work={work} />
            ))}
          </ul>
        </Card>
        <Scan title={k.scanBoard} path="?v=board" />
      </div>
    </div>
  );
}

/** How many facilities of each kind there are, the commonest first. */
function kinds(): { key: string; title: string; icon: string; count: number }[] {
  const legend = layers.data?.layers.find(({ key }) => key === 'facilities')?.legend ?? [];
  const totals: Record<string, number> = {};
  for (const { by } of facilityCounts.data?.counts ?? []) {
    for (const [key, count] of Object.entries(by ?? {})) totals[key] = (totals[key] ?? 0) + count;
  }
  return Object.entries(totals)
    .map(([key, count]) => {
      const rule = legend.find(({ when }) => when === key);
      return { key, title: rule?.title ?? key, icon: rule?.icon ?? '', count };
    })
    .sort((a, b) => b.count - a.count);
}

export function CountsColumn() {
  const counts = overview.data?.counts;
  const found = kinds();
  const all = found.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="kright">
      {counts && (
        <>
          <Figures of={figuresOf(counts)} />
          <Figures
            of={[
              [counts.done, k.done, 'done'],
              [counts.planned, k.planned, 'new'],
              [counts.backward, k.backward, 'down'],
            ]}
          />
        </>
      )}
      <Card title={k.countsFacilities(number(all))}>
        <ul class="kkinds">
          {found.map(({ key, title, icon, count }) => (
            <li key={key}>
              <Icon name={icon} />
              <span class="nm">{title}</span>
              <b>{number(count)}</b>
            </li>
          ))}
        </ul>
      </Card>
      <Scan title={k.scan(plan.place.name)} path="" />
    </div>
  );
}
