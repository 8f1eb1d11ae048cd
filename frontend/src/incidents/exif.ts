/** What the file of a photo says of how it was taken (EXIF). Read here, in the browser: nothing is sent. */

export interface PhotoPlace {
  lon: number;
  lat: number;
}

export interface PhotoFacts {
  /** Degrees (WGS 84); null where the file does not say, or says it wrongly. So are the others. */
  place: PhotoPlace | null;
  /** When it was taken, milliseconds, by the camera's clock. */
  at: number | null;
  /** Where the camera looked, degrees clockwise from north, 0…359. */
  azimuth: number | null;
}

/** Metadata stands at the beginning of a JPEG, its segment has at most 64 KB; other segments may come before. */
const HEAD_BYTES = 256 * 1024;
/** "ftyp": the second word of a HEIC, which has its metadata anywhere. */
const HEIC = 0x66747970;
/** "Exif", two zeros and either header of a TIFF: ten bytes that stand nowhere in a picture by chance. */
const EXIF = 0x45786966;
const TIFF_LITTLE = 0x49492a00;
const TIFF_BIG = 0x4d4d002a;
const ENTRY_BYTES = 12;

/** Tags of EXIF 2.32: directories, the moments with their zones, and those of the GPS directory. */
const INNER_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
const MOMENTS = [
  [0x9003, 0x9011],
  [0x9004, 0x9012],
] as const;
const [LAT, LON, IMG_DIRECTION] = [2, 4, 0x11];
const MOMENT_LENGTH = 19;
const ZONE_LENGTH = 6;
/** A camera that lost its clock says 1970, 1980 or 2000-01-01. */
export const EARLIEST_MS = Date.UTC(2000, 0, 2);

/** Position of the TIFF block; -1 without one. */
function tiffIn(view: DataView): number {
  for (let at = 0; at + 10 < view.byteLength; at++) {
    if (view.getUint32(at) !== EXIF || view.getUint16(at + 4) !== 0) continue;
    const header = view.getUint32(at + 6);
    if (header === TIFF_LITTLE || header === TIFF_BIG) return at + 6;
  }
  return -1;
}

/** The values of a TIFF block, whose offsets count from its beginning. */
function tiff(view: DataView, start: number) {
  const little = view.getUint32(start) === TIFF_LITTLE;
  const at = (field: number) => start + view.getUint32(field, little);
  /** Where the value of each tag of a directory stands: the field of its entry. */
  const directory = (pointer: number | undefined): Map<number, number> => {
    const found = new Map<number, number>();
    if (pointer === undefined) return found;
    const from = at(pointer);
    for (let n = view.getUint16(from, little), entry = from + 2; n > 0; n--, entry += ENTRY_BYTES) {
      found.set(view.getUint16(entry, little), entry + 8);
    }
    return found;
  };
  /** The n-th fraction of a value; NaN for what is not there. */
  const fraction = (field: number | undefined, n = 0): number => {
    if (field === undefined) return Number.NaN;
    const from = at(field) + 8 * n;
    return view.getUint32(from, little) / view.getUint32(from + 4, little);
  };
  const text = (field: number | undefined, length: number): string =>
    field === undefined
      ? ''
      : String.fromCharCode(...Array.from({ length }, (_, index) => view.getUint8(at(field) + index)));
  return { directory, fraction, text, letter: (field: number) => String.fromCharCode(view.getUint8(field)) };
}

type Tiff = ReturnType<typeof tiff>;
type Tags = Map<number, number>;

function placeIn(block: Tiff, gps: Tags): PhotoPlace | null {
  /** Degrees out of three fractions, with the sign of the letter in the tag before. */
  const degrees = (tag: number, negative: string) => {
    const field = gps.get(tag);
    const letter = gps.get(tag - 1);
    if (letter === undefined) return Number.NaN;
    const value = block.fraction(field) + block.fraction(field, 1) / 60 + block.fraction(field, 2) / 3600;
    return block.letter(letter) === negative ? -value : value;
  };
  const [lat, lon] = [degrees(LAT, 'S'), degrees(LON, 'W')];
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  return isPlace ? { lon, lat } : null;
}

/** Without a zone it is that of this device: as a rule its own camera wrote it. */
function momentIn(block: Tiff, inner: Tags): number | null {
  for (const [moment, zone] of MOMENTS) {
    const [day = '', hours = ''] = block.text(inner.get(moment), MOMENT_LENGTH).split(' ');
    const offset = /^[+-]\d\d:\d\d$/.exec(block.text(inner.get(zone), ZONE_LENGTH))?.[0] ?? '';
    const at = Date.parse(`${day.replaceAll(':', '-')}T${hours}${offset}`);
    if (at >= EARLIEST_MS) return at;
  }
  return null;
}

function azimuthIn(block: Tiff, gps: Tags): number | null {
  const degrees = block.fraction(gps.get(IMG_DIRECTION));
  return degrees >= 0 && degrees <= 360 ? Math.round(degrees) % 360 : null;
}

/** What a part of the block says; null where a pointer leads out of the file. */
function told<Fact>(read: () => Fact | null): Fact | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function bytesOf(file: Blob): Promise<DataView> {
  const head = new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const isHeic = head.byteLength > 8 && head.getUint32(4) === HEIC;
  return isHeic ? new DataView(await file.arrayBuffer()) : head;
}

export async function factsOf(file: Blob): Promise<PhotoFacts> {
  const view = await bytesOf(file);
  const start = tiffIn(view);
  if (start < 0) return { place: null, at: null, azimuth: null };
  const block = tiff(view, start);
  const root = told(() => block.directory(start + 4)) ?? new Map();
  const of = (pointer: number) => block.directory(root.get(pointer));
  return {
    place: told(() => placeIn(block, of(GPS_POINTER))),
    at: told(() => momentIn(block, of(INNER_POINTER))),
    azimuth: told(() => azimuthIn(block, of(GPS_POINTER))),
  };
}
