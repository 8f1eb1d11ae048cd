import { date } from '../../core/format';
import type { PhotosBody, ProjectPhoto } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import type { SectionProps, Tab } from '../model';
import { sources } from '../photo';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

export const photosTab = ({ total }: PhotosBody): Tab => (total ? { count: total } : {});

/** The large view is loaded by the first who wants it. */
async function open(photos: ProjectPhoto[], index: number, opener: HTMLElement): Promise<void> {
  const { openLightbox } = await import('../lightbox');
  openLightbox(photos, index, opener);
}

function Thumb({ photo, onOpen }: { photo: ProjectPhoto; onOpen: (opener: HTMLElement) => void }) {
  return (
    <li>
      <button type="button" class="photo" onClick={(event) => onOpen(event.currentTarget)}>
        <img
          src={photo.thumb}
          srcset={sources(photo, 'thumb', 'medium')}
          sizes="(min-width: 900px) 196px, 156px"
          alt={photo.alt}
          width={photo.width}
          height={photo.height}
          loading="lazy"
          decoding="async"
        />
        <span class="cap">
          <b>{photo.caption || photo.alt}</b>
          <Facts of={[photo.project?.name, photo.taken_on && date(photo.taken_on)]} />
        </span>
      </button>
    </li>
  );
}

export function PhotosSection({ section, body }: SectionProps<PhotosBody>) {
  const { items, total } = body;
  const aside = total > items.length ? p.photosShown(items.length, total) : total ? p.photosCount(total) : '';
  return (
    <SectionFrame title={section.title} aside={aside}>
      {items.length ? (
        <ul class="photos">
          {items.map((photo, index) => (
            <Thumb key={photo.thumb} photo={photo} onOpen={(opener) => void open(items, index, opener)} />
          ))}
        </ul>
      ) : (
        <Nothing>{p.photosNone}</Nothing>
      )}
    </SectionFrame>
  );
}
