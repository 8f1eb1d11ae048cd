import type { SharedDict } from './zh';

const en: SharedDict = {
  photos: 'Photos',
  photosHint: (most) => `up to ${most}, blurred before they are public`,
  photoTake: 'Camera',
  photoPick: 'Album',
  photoAlt: (n) => `Photo ${n}`,
  photoRemove: (n) => `Remove photo ${n}`,
  photoSending: (percent) => `Uploading ${percent}%`,
  photoDone: 'uploaded',
  photoWaiting: 'kept on this device until there is network',
  photoKept: 'Kept',
  photoRefused: 'not uploaded',
  photoTooLarge: 'Larger than 25 MB; please choose a smaller one.',
  photoTrouble: (n, why) => `Photo ${n}: ${why}`,
  photosTooMany: (left, most) => `At most ${most}; ${left} were not added.`,
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Could not copy; please press and hold the address.',
};

export default en;
