/** Every address the page reads or writes. */

import { ApiError, getJson, send } from '../../core/api';
import { boot } from '../../core/boot';
import type { Schemas } from '../../core/types';
import type { Check, Fix, Options, Route, Shot } from './types';

type Session = Schemas['Session'];

let csrf = '';

/** '' before it is known who is signed in. */
export const csrfToken = () => csrf;

export const field = {
  /** Who is signed in; the page itself is the same for everybody. */
  async session(): Promise<Session['user']> {
    const session = await getJson<Session>('/api/session/');
    csrf = session.csrf;
    return session.user;
  },
  tasks: () => getJson<Schemas['FieldTasksShape']>('/api/imagery/field'),
  options: () => getJson<Options>('/api/imagery/options'),
  route: (point: number, { lon, lat }: Fix) =>
    getJson<Route>(`/api/imagery/points/${point}/route`, { lon: lon.toFixed(6), lat: lat.toFixed(6) }),
  check: ({ key, point, at, fix, finding, kind, note, farWhy }: Check) => {
    if (!fix) throw new ApiError(400, 'no_place', '');
    return post<{ id: number }>(`imagery/points/${point}/checks`, {
      client_id: key,
      at: new Date(at).toISOString(),
      lonlat: [fix.lon, fix.lat],
      accuracy_m: fix.accuracy,
      note: [note, farWhy].filter(Boolean).join('\n'),
      finding,
      kind,
    });
  },
  /** Number of the photo, for the reply to the order. */
  async photo(point: number, { id, check, blob, name, sha256, takenAt, azimuth, fix }: Shot): Promise<number> {
    const form = new FormData();
    const said = { client_id: id, check, sha256, taken_at: takenAt, azimuth: String(azimuth ?? 0) };
    const place = fix && { lon: String(fix.lon), lat: String(fix.lat), accuracy_m: String(fix.accuracy) };
    for (const [key, value] of Object.entries({ ...said, ...place })) form.append(key, value);
    form.append('file', blob, name);
    return (await post<{ photo: number }>(`imagery/points/${point}/photos`, form)).photo;
  },
  sign: (order: number) => post(`orders/${order}:sign`, {}),
  submit: (order: number, reply: string, photos: number[]) => post(`orders/${order}:submit`, { reply, photos }),
};

const post = <T>(path: string, body: unknown) => send<T>('POST', `/api/${path}`, body, csrf);

/** A picture of a point as the server draws it. */
export async function picture(path: string): Promise<Blob | null> {
  const answer = await fetch(`${path}?county=${boot.county}`, { credentials: 'same-origin' });
  return answer.status === 200 ? answer.blob() : null;
}
