/** Photos of a case; one press shows one in full. */

import { useSignal } from '@preact/signals';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { openDialog } from '../../../panel/dialog';
import type { FileLink, Picture, Report } from '../types';
import { c } from '../words';
import { Moderation } from './moderation';

interface FullProps extends ThumbsProps {
  start: number;
  close: () => void;
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement && Boolean(target.closest('input,.blurs'));

function Full({ photos, start, moderates, close }: FullProps) {
  const at = useSignal(start);
  const photo = photos[at.value];
  if (!photo) return null;
  const turn = (by: number) => {
    at.value = (at.value + by + photos.length) % photos.length;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are a short cut for the buttons inside
    <div
      class="full"
      onKeyDown={({ key, target }) => {
        if (isWriting(target)) return;
        if (key === 'ArrowLeft') turn(-1);
        if (key === 'ArrowRight') turn(1);
      }}
    >
      <div class="row">
        <p class="grow" aria-live="polite">
          {c.photoOf(at.value + 1, photos.length)} {photo.alt}
        </p>
        {photos.length > 1 && (
          <>
            <button type="button" class="x" aria-label={c.previous} onClick={() => turn(-1)}>
              <Icon name="back" />
            </button>
            <button type="button" class="x" aria-label={c.nextOne} onClick={() => turn(1)}>
              <Icon name="next" />
            </button>
          </>
        )}
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {moderates ? (
        <Moderation key={photo.large} report={moderates} photo={photo} close={close} />
      ) : (
        <img src={photo.large} alt={photo.alt} />
      )}
    </div>
  );
}

interface ThumbsProps {
  photos: Picture[];
  /** Only to be looked at, not to be opened. */
  plain?: boolean;
  /** The report whose photos the viewer may blur, publish and hide. */
  moderates?: Report | undefined;
}

export function Thumbs({ photos, plain, moderates }: ThumbsProps) {
  if (!photos.length) return null;
  return (
    <ul class="ph3">
      {photos.map((photo, index) => {
        const image = <img src={photo.medium} alt={photo.alt || c.photoOf(index + 1, photos.length)} loading="lazy" />;
        const open = (opener: HTMLElement) =>
          openDialog('fullphoto', c.photos, opener, (close) => (
            <Full photos={photos} start={index} moderates={moderates} close={close} />
          ));
        return (
          <li key={photo.medium}>
            {plain ? (
              image
            ) : (
              <button type="button" onClick={(event) => open(event.currentTarget)}>
                {image}
              </button>
            )}
            {photo.state && photo.state !== 'published' && (
              <span class="tag">{photo.state === 'pending' ? c.toModerate : c.notPublic}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function Files({ of }: { of: FileLink[] }) {
  if (!of.length) return null;
  return (
    <ul class="files">
      {of.map(({ title, url }) => (
        <li key={url}>
          <a class="link" href={url}>
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Pictures({ report, plain = false }: { report: Report; plain?: boolean }) {
  const moderates = report.moves.some(({ name }) => name === 'photo') ? report : undefined;
  return (
    <>
      <Thumbs photos={report.photos} plain={plain} moderates={moderates} />
      <Files of={report.documents} />
    </>
  );
}
