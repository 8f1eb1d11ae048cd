/** A photo that comes in: when it was taken, and from where it looks. */

import { newKey } from '../../incidents/api';
import { EARLIEST_MS, factsOf } from '../../incidents/exif';
import { fix, heading } from './place';
import { byServer } from './tasks';
import type { Fix, Shot } from './types';

/** A photo is of just now for so long: until then the device is where it was taken, and looks as it did. */
const JUST_MS = 5 * 60_000;

/** Where the device is and looks, and what its clock says. */
export interface Device {
  at: number;
  fix: Fix | null;
  heading: number | null;
}

export const deviceNow = (): Device => ({ at: Date.now(), fix: fix.peek(), heading: heading.peek() });

async function digest(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A photo as its file says it was taken, else as the device was when it came in.
 *
 * A file without a moment of its own was taken when it was written at the latest; one from the future says nothing.
 */
export async function shotOf(file: File, check: string, order: number, device: Device): Promise<Shot> {
  const { at: said, azimuth } = await factsOf(file);
  const times = [said, file.lastModified, device.at];
  const at = times.find((one) => one !== null && one >= EARLIEST_MS && one <= device.at + JUST_MS) ?? device.at;
  const isOfNow = device.at - at <= JUST_MS;
  const looks = azimuth ?? (isOfNow ? device.heading : null);
  return {
    id: newKey(),
    check,
    blob: file,
    name: file.name || 'photo.jpg',
    sha256: await digest(file),
    takenAt: new Date(byServer(Math.min(at, device.at))).toISOString(),
    azimuth: looks === null ? null : Math.round(looks) % 360,
    fix: isOfNow ? device.fix : null,
    order,
    photo: 0,
  };
}
