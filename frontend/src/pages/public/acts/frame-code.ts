/** The HTML that shows the present view in a page of others. */

import { boot } from '../../../core/boot';

export const SIZES: Record<string, { width: string; height: string }> = {
  small: { width: '400', height: '300' },
  medium: { width: '640', height: '480' },
  wide: { width: '100%', height: '520' },
};

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** Address of the view for frames: the same query and hash, with the county and the language in it. */
export function frameAddress({ origin, pathname, search, hash }: URL): string {
  const query = new URLSearchParams(search);
  if (pathname.startsWith('/c/')) query.set('county', boot.county);
  query.set('lang', boot.lang);
  return `${origin}/embed?${query}${hash}`;
}

export function frameCode(address: URL, title: string, size: string): string {
  const { width, height } = SIZES[size] ?? { width: '100%', height: '520' };
  const about = `title="${escaped(title)}" width="${width}" height="${height}" style="border:0"`;
  return `<iframe src="${escaped(frameAddress(address))}" ${about} loading="lazy" allow="geolocation"></iframe>`;
}
