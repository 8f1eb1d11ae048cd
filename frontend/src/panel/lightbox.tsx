/** One photo, large: a native dialog, so focus stays inside, Escape closes, and focus returns to the thumbnail. */

import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { date } from '../core/format';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import type { ProjectPhoto } from '../core/types';
import { Facts } from '../core/ui/Status';
import { sources } from './photo';
import { p } from './words';

const SWIPE = 48;

function Lightbox({ photos, start, close }: { photos: ProjectPhoto[]; start: number; close: () => void }) {
  const index = useSignal(start);
  const failed = useSignal(false);
  const touch = useSignal<number | null>(null);
  const photo = photos[index.value];
  const go = (by: number) => {
    failed.value = false;
    index.value = Math.min(photos.length - 1, Math.max(0, index.value + by));
  };
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) go(by);
  };
  const lift = (event: PointerEvent) => {
    const moved = touch.value === null ? 0 : event.clientX - touch.value;
    touch.value = null;
    if (Math.abs(moved) > SWIPE) go(moved < 0 ? 1 : -1);
  };
  if (!photo) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a short cut for the buttons inside
    <div class="lb" onKeyDown={keys}>
      <div class="lbtop">
        <span aria-live="polite">{p.photoOf(index.value + 1, photos.length)}</span>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div
        class="lbpic"
        onPointerDown={(event) => {
          touch.value = event.clientX;
        }}
        onPointerUp={lift}
      >
        {failed.value ? (
          <p>{p.photoFailed}</p>
        ) : (
          <img
            key={photo.large}
            src={photo.large}
            srcset={sources(photo, 'medium', 'large')}
            sizes="100vw"
            alt={photo.alt}
            draggable={false}
            onError={() => {
              failed.value = true;
            }}
          />
        )}
      </div>
      <div class="lbcap">
        <button type="button" class="x" aria-label={p.photoPrevious} disabled={!index.value} onClick={() => go(-1)}>
          <Icon name="back" />
        </button>
        <p>
          <b>{photo.caption || photo.alt}</b>
          <Facts of={[photo.project?.name, photo.taken_on && p.takenOn(date(photo.taken_on))]} />
        </p>
        <button
          type="button"
          class="x"
          aria-label={p.photoNext}
          disabled={index.value === photos.length - 1}
          onClick={() => go(1)}
        >
          <Icon name="next" />
        </button>
      </div>
    </div>
  );
}

export function openLightbox(photos: ProjectPhoto[], start: number, opener: HTMLElement): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'lightbox';
  dialog.setAttribute('aria-label', photos[start]?.project?.name ?? p.tabs.photos ?? '');
  document.body.append(dialog);
  render(<Lightbox photos={photos} start={start} close={() => dialog.close()} />, dialog);
  dialog.addEventListener('close', () => {
    render(null, dialog);
    dialog.remove();
    opener.focus();
  });
  dialog.showModal();
}
