import { date } from '../core/format';
import type { ProjectPhoto } from '../core/types';
import { Facts } from '../core/ui/Status';
import type { Album } from './album';
import { Picture } from './photo';

/** The large view is loaded by the first who wants it. */
async function open(album: Album, index: number, opener: HTMLElement): Promise<void> {
  const { openLightbox } = await import('./lightbox');
  openLightbox(album, index, opener);
}

export function Thumb({ album, photo, index }: { album: Album; photo: ProjectPhoto; index: number }) {
  return (
    <li>
      <button type="button" class="photo" onClick={(event) => void open(album, index, event.currentTarget)}>
        <Picture photo={photo} sizes="(min-width: 900px) 196px, 156px" />
        <span class="cap">
          <b>{photo.caption || photo.alt}</b>
          <Facts of={[photo.project.name, photo.taken_on && date(photo.taken_on)]} />
        </span>
      </button>
    </li>
  );
}
