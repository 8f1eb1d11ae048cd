import { useMemo } from 'preact/hooks';
import type { PhotosBody } from '../../core/types';
import { Album, pairs } from '../album';
import type { SectionProps, Tab } from '../model';
import { PairView } from '../pair';
import { Thumb } from '../thumb';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

export const photosTab = ({ total }: PhotosBody): Tab => (total ? { count: total } : {});

/** The gallery is loaded by the first who wants it. */
async function openAll(album: Album, place: string, opener: HTMLElement): Promise<void> {
  const { openGallery } = await import('../gallery');
  openGallery(album, place, opener);
}

export function PhotosSection({ section, body, place }: SectionProps<PhotosBody>) {
  const { items, total } = body;
  const album = useMemo(() => new Album(place.code, items, total), [place.code, body]);
  const pair = pairs(items).find(({ over }) => over);
  const all = total > 1 && (
    <button type="button" class="link" onClick={(event) => void openAll(album, place.name, event.currentTarget)}>
      {p.allPhotos(total)}
    </button>
  );
  return (
    <SectionFrame title={section.title} aside={all}>
      {items.length ? (
        <ul class="photos">
          {items.map((photo, index) => (
            <Thumb key={photo.id} album={album} photo={photo} index={index} />
          ))}
        </ul>
      ) : (
        <Nothing>{p.photosNone}</Nothing>
      )}
      {pair && <PairView pair={pair} />}
    </SectionFrame>
  );
}
