/** Photos of a case; one press shows one in full. */

import { useSignal } from '@preact/signals';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { openDialog } from '../../../panel/dialog';
import type { FileLink, Picture, Report } from '../types';
import { c } from '../words';

function Full({ photos, start, close }: { photos: Picture[]; start: number; close: () => void }) {
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
      onKeyDown={({ key }) => {
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
      <img src={photo.large} alt={photo.alt} />
    </div>
  );
}

export function Thumbs({ photos, plain }: { photos: Picture[]; plain?: boolean }) {
  if (!photos.length) return null;
  return (
    <ul class="ph3">
      {photos.map((photo, index) => {
        const image = <img src={photo.medium} alt={photo.alt || c.photoOf(index + 1, photos.length)} loading="lazy" />;
        const open = (opener: HTMLElement) =>
          openDialog('fullphoto', c.photos, opener, (close) => <Full photos={photos} start={index} close={close} />);
        return (
          <li key={photo.medium}>
            {plain ? (
              image
            ) : (
              <button type="button" onClick={(event) => open(event.currentTarget)}>
                {image}
              </button>
            )}
            {photo.state && photo.state !== 'published' && <span class="tag">{c.notPublic}</span>}
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
  return (
    <>
      <Thumbs photos={report.photos} plain={plain} />
      <Files of={report.documents} />
    </>
  );
}
