/** One photo, large, with its neighbours beside it: the finger draws them in, arrows and keys turn them over. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { date } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import type { ProjectPhoto } from '../core/types';
import { Facts } from '../core/ui/Status';
import type { Album } from './album';
import { openDialog } from './dialog';
import { useGestures } from './gestures';
import { sources } from './photo';
import { p } from './words';

/** Photos left before the end when the next page is asked for. */
const AHEAD = 4;

interface SlideProps {
  photo: ProjectPhoto;
  /** −1, 0 or 1: left of what is seen, seen, right of it. */
  at: number;
  transform: string;
}

function Slide({ photo, at, transform }: SlideProps) {
  const failed = useSignal(false);
  return (
    <div class="slide" style={{ left: `${at * 100}%` }} aria-hidden={at ? 'true' : undefined}>
      {failed.value ? (
        <p>{p.photoFailed}</p>
      ) : (
        <img
          src={photo.large}
          srcset={sources(photo, 'medium', 'large')}
          sizes="100vw"
          alt={photo.alt}
          draggable={false}
          style={{ transform }}
          onError={() => {
            failed.value = true;
          }}
        />
      )}
    </div>
  );
}

/** Which photo is shown. Beyond the last known one its page is turned over first. */
function usePlace(album: Album, start: number) {
  const index = useSignal(start);
  useEffect(() => {
    if (index.value >= album.photos.value.length - AHEAD && !album.whole) void album.more();
  }, [index.value]);
  const has = (by: number) => Boolean(album.photos.value[index.value + by]);
  const go = async (by: number) => {
    if (!has(by) && by > 0 && !album.whole) await album.more();
    if (has(by)) index.value += by;
  };
  return { index, has, go };
}

/** What the reader does with the pictures: by finger, by key, by button. */
function useTurning(album: Album, start: number) {
  const strip = useRef<HTMLDivElement>(null);
  const { index, has, go } = usePlace(album, start);
  const gestures = useGestures((by, width) => {
    if (!has(by)) return false;
    // The neighbour is the one that is seen now: it stands where the finger left it, and glides on from there.
    gestures.held.value = true;
    gestures.drag.value += by * width;
    index.value += by;
    requestAnimationFrame(() => {
      strip.current?.getBoundingClientRect();
      gestures.held.value = false;
      gestures.drag.value = 0;
    });
    return true;
  });
  const turn = (by: number) => {
    gestures.reset();
    void go(by);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') turn(-1);
    else if (event.key === 'ArrowRight') turn(1);
    else if (event.key === '+' || event.key === '-') gestures.larger();
  };
  return { strip, index, gestures, turn, keys };
}

function Caption({ photo }: { photo: ProjectPhoto }) {
  const { caption, alt, project, moment, taken_on: taken } = photo;
  return (
    <p>
      <b>{caption || alt}</b>
      <Facts of={[project.name, p.moments[moment], taken && p.takenOn(date(taken))]} />
    </p>
  );
}

function Lightbox({ album, start, close }: { album: Album; start: number; close: () => void }) {
  const { strip, index, gestures, turn, keys } = useTurning(album, start);
  const { drag, zoom, held, on } = gestures;
  const photos = album.photos.value;
  const photo = photos[index.value];
  if (!photo) return null;
  const { scale, x, y } = zoom.value;
  const arrow = (by: number, label: string, icon: string, end: boolean) => (
    <button type="button" class="x" aria-label={label} aria-disabled={end} onClick={() => turn(by)}>
      <Icon name={icon} />
    </button>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are a short cut for the buttons inside
    <div class="lb" onKeyDown={keys}>
      <div class="lbtop">
        <span aria-live="polite">{p.photoOf(index.value + 1, album.total)}</span>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="lbpic" {...on}>
        <div
          ref={strip}
          class="strip"
          data-scale={scale}
          style={{ transform: `translateX(${drag.value}px)`, transition: held.value ? 'none' : '' }}
        >
          {[-1, 0, 1].map((at) => {
            const one = photos[index.value + at];
            const transform = at ? '' : `translate(${x}px,${y}px) scale(${scale})`;
            return one && <Slide key={one.id} photo={one} at={at} transform={transform} />;
          })}
        </div>
      </div>
      <div class="lbcap">
        {arrow(-1, p.photoPrevious, 'back', !index.value)}
        <Caption photo={photo} />
        {arrow(1, p.photoNext, 'next', index.value === album.total - 1)}
      </div>
    </div>
  );
}

export function openLightbox(album: Album, start: number, opener: HTMLElement): void {
  const label = album.photos.peek()[start]?.project.name ?? '';
  openDialog('lightbox', label, opener, (close) => <Lightbox album={album} start={start} close={close} />);
}
