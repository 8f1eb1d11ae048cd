/**
 * How a draft becomes a report, exactly once: for the form and for the worker that sends when no form is open.
 *
 * What is sent is written down before the first attempt. When the connection dies after the server has answered, the
 * same words go out again under the same key, and the server gives the answer that was lost.
 */

import type { Receipt, ReportBody } from '../../incidents/types';
import { type Draft, finish, type KeptPhoto, photosOf, type Sent, saveDraft, savePhoto } from './store';

/** Whoever sends holds this lock, across tabs and the worker. */
export const LOCK = 'report-outbox';
/** Characters of the text that tell one report from another. */
const TITLE = 40;

/** The way to the server; each throws what the sender understands. */
export interface Way {
  /** Answers the photo's token. */
  upload: (photo: KeptPhoto) => Promise<string>;
  create: (key: string, body: ReportBody) => Promise<Receipt>;
}

export function bodyOf(draft: Draft, photos: KeptPhoto[]): ReportBody {
  const { spot, address, category, attributes, confidence, name, phone, email } = draft;
  const hasContact = confidence !== 'anonymous' && Boolean(name || phone || email);
  return {
    // Without a place the server refuses it, and says so
    lon: Number(spot?.lon.toFixed(6)),
    lat: Number(spot?.lat.toFixed(6)),
    text: draft.text.trim(),
    photos: photos.map(({ token }) => token),
    confidence,
    ...(spot?.accuracy !== undefined && { accuracy_m: Math.round(spot.accuracy) }),
    ...(spot?.asset && { asset: { layer: spot.asset.layer, id: spot.asset.id } }),
    ...(address && { address }),
    ...(category && { category }),
    ...(Object.keys(attributes).length && { attributes }),
    ...(hasContact && { contact: { name, phone, email } }),
  };
}

/** Sends the photos the server does not have yet, and remembers each at once. */
async function withTokens(draft: Draft, { upload }: Way): Promise<KeptPhoto[]> {
  const photos = await photosOf(draft.key);
  for (const photo of photos) {
    if (photo.token) continue;
    photo.token = await upload(photo);
    await savePhoto(photo);
  }
  return photos;
}

export const asSent = ({ key, county, text }: Draft, receipt: Receipt): Sent => ({
  ...{ key, county, receipt, title: text.trim().slice(0, TITLE), at: Date.now(), seen: 0 },
});

export async function deliver(draft: Draft, way: Way): Promise<void> {
  const body = draft.body || JSON.stringify(bodyOf(draft, await withTokens(draft, way)));
  if (!draft.body) await saveDraft({ ...draft, body });
  const receipt = await way.create(draft.key, JSON.parse(body) as ReportBody);
  await finish(asSent(draft, receipt));
}
