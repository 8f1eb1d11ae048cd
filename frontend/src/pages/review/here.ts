/** Where the reader is, for the order that begins there. */

import { signal } from '@preact/signals';
import { isSecure } from '../../core/url';

/** Longitude and latitude, degrees; nothing before they were asked for. */
export const here = signal<number[] | undefined>(undefined);

/** Asked once; without it the order stays as it is. */
export function locate(): Promise<boolean> {
  return new Promise((done) => {
    if (!isSecure() || !navigator.geolocation) return done(false);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.value = [coords.longitude, coords.latitude];
        done(true);
      },
      () => done(false),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
