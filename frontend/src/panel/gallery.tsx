/** All photos of a place: by project, by month, page by page; on top what it looked like before and after. */

import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { month } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import type { ProjectPhoto } from '../core/types';
import { type Album, pairs } from './album';
import { openDialog } from './dialog';
import { PairView } from './pair';
import { Thumb } from './thumb';
import { p } from './words';

const PAGE = 30;

/** Photos by month, as they come: newest first. Each keeps its place in the album. */
function byMonth(photos: ProjectPhoto[]): [string, { photo: ProjectPhoto; index: number }[]][] {
  const months = new Map<string, { photo: ProjectPhoto; index: number }[]>();
  photos.forEach((photo, index) => {
    const key = photo.taken_on.slice(0, 7);
    months.set(key, [...(months.get(key) ?? []), { photo, index }]);
  });
  return [...months];
}

function Projects({ album, chosen, choose }: { album: Album; chosen: number; choose: (id: number) => void }) {
  const projects = album.projects.value;
  if (projects.length < 2) return null;
  const chip = (id: number, title: string, count: number) => (
    <button type="button" key={id} class="chip line" aria-pressed={chosen === id} onClick={() => choose(id)}>
      {title} <span class="n">{count}</span>
    </button>
  );
  return (
    <div class="wrapped">
      {chip(0, p.allProjects, album.total)}
      {projects.map(({ id, name, count }) => chip(id, name, count))}
    </div>
  );
}

function Months({ album }: { album: Album }) {
  return (
    <>
      {byMonth(album.photos.value).map(([key, photos]) => (
        <section key={key} aria-label={month(key, true)}>
          <h2 class="f16">{month(key, true)}</h2>
          <ul class="grid">
            {photos.map(({ photo, index }) => (
              <Thumb key={photo.id} album={album} photo={photo} index={index} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function More({ album }: { album: Album }) {
  const left = album.total - album.photos.value.length;
  const phase = album.phase.value;
  if (left <= 0) return null;
  return (
    <>
      <p role="status">{phase === 'failed' && p.photosFailed}</p>
      <button type="button" class="btn soft" disabled={phase === 'loading'} onClick={() => void album.more()}>
        {phase === 'failed' ? t.again : p.morePhotos(Math.min(PAGE, left))}
      </button>
    </>
  );
}

function Gallery({ album, title, close }: { album: Album; title: string; close: () => void }) {
  const chosen = useSignal(0);
  const now = useMemo(() => (chosen.value ? album.of(chosen.value) : album), [chosen.value, album.projects.value]);
  useEffect(() => {
    // What the panel has is one page at most; only an answer says which projects there are.
    if (now.photos.peek().length <= PAGE) void now.more();
  }, [now]);
  const shown = pairs(now.photos.value);
  return (
    <>
      <div class="gtop">
        <h1 class="grow">{title}</h1>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="gbody" tabIndex={0} aria-label={title}>
        <Projects
          album={album}
          chosen={chosen.value}
          choose={(id) => {
            chosen.value = id;
          }}
        />
        {shown.length > 0 && (
          <section aria-label={p.pairs}>
            <h2 class="f16">{p.pairs}</h2>
            <div class="grid pairs">
              {shown.map((pair) => (
                <PairView key={pair.later.id} pair={pair} />
              ))}
            </div>
          </section>
        )}
        <Months album={now} />
        <More album={now} />
      </section>
    </>
  );
}

export function openGallery(album: Album, place: string, opener: HTMLElement): void {
  const title = p.galleryOf(place, album.total);
  openDialog('gallery', title, opener, (close) => <Gallery album={album} title={title} close={close} />);
}
