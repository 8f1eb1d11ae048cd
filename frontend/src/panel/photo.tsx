import type { Photo } from '../core/types';

const LONGEST = { thumb: 320, medium: 960, large: 1920 };

/** `srcset` of some sizes of a photo. None is wider than the photo itself: the server never blows one up. */
export function sources(photo: Photo, ...sizes: (keyof typeof LONGEST)[]): string {
  const across = Math.min(1, photo.width / Math.max(photo.width, photo.height, 1));
  const wide = (size: keyof typeof LONGEST) =>
    Math.min(photo.width || LONGEST[size], Math.round(LONGEST[size] * across));
  return sizes.map((size) => `${photo[size]} ${wide(size)}w`).join(', ');
}

/** A photo in the page; the sharper file is fetched where the screen has room for it. */
export function Picture({ photo, sizes, medium }: { photo: Photo; sizes: string; medium?: boolean }) {
  return (
    <img
      src={medium ? photo.medium : photo.thumb}
      srcset={sources(photo, 'thumb', 'medium')}
      sizes={sizes}
      alt={photo.alt}
      width={photo.width}
      height={photo.height}
      loading="lazy"
      decoding="async"
    />
  );
}
