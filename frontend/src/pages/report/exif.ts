/** Where a photo was taken, as its own file says (EXIF in a JPEG). Read here, in the browser: nothing is sent. */

export interface Taken {
  lon: number;
  lat: number;
}

/** Metadata stands at the beginning of a JPEG, its segment has at most 64 KB; other segments may come before. */
const HEAD_BYTES = 256 * 1024;

const SOI = 0xffd8;
const APP1 = 0xffe1;
const START_OF_SCAN = 0xffda;
/** "Exif\0\0" and the TIFF header behind it. */
const EXIF = 0x45786966;
const LITTLE = 0x4949;
const GPS_POINTER = 0x8825;
const ENTRY_BYTES = 12;

/** Position of the TIFF block in the file; -1 without one. */
function tiffIn(view: DataView): number {
  if (view.byteLength < 4 || view.getUint16(0) !== SOI) return -1;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === APP1 && view.getUint32(at + 4) === EXIF) return at + 10;
    if (marker === START_OF_SCAN || marker < 0xff00) return -1;
  }
  return -1;
}

/** Where the value of each tag of a directory stands: the field of its entry. */
function entries(view: DataView, at: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>();
  for (let n = view.getUint16(at, little), entry = at + 2; n > 0; n--, entry += ENTRY_BYTES) {
    found.set(view.getUint16(entry, little), entry + 8);
  }
  return found;
}

function read(view: DataView): Taken | null {
  const tiff = tiffIn(view);
  if (tiff < 0) return null;
  const little = view.getUint16(tiff) === LITTLE;
  const directory = (offset: number) => entries(view, tiff + view.getUint32(offset, little), little);
  const pointer = directory(tiff + 4).get(GPS_POINTER);
  if (pointer === undefined) return null;
  const gps = directory(pointer);
  /** Degrees out of three fractions, with the sign of the letter in the tag before; NaN for what is not there. */
  const degrees = (tag: number, negative: string) => {
    const field = gps.get(tag);
    const letter = gps.get(tag - 1);
    if (field === undefined || letter === undefined) return Number.NaN;
    const at = tiff + view.getUint32(field, little);
    const part = (n: number) => view.getUint32(at + 8 * n, little) / view.getUint32(at + 8 * n + 4, little);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(view.getUint8(letter)) === negative ? -value : value;
  };
  const [lat, lon] = [degrees(2, 'S'), degrees(4, 'W')];
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  return isPlace ? { lon, lat } : null;
}

/** Degrees (WGS 84); null where the file does not say, or says it wrongly. */
export async function placeIn(file: Blob): Promise<Taken | null> {
  try {
    return read(new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch (error) {
    if (error instanceof RangeError) return null; // a pointer that leads out of the file
    throw error;
  }
}
