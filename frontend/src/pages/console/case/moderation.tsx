/** One photo before the public sees it: faces and plates are covered, then it is published or kept back. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ApiError } from '../../../core/api';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { say } from '../../../core/ui/toast';
import { desk } from '../api';
import { refresh } from '../store';
import type { Picture, Report } from '../types';
import { c } from '../words';
import { Blurs, type Box } from './blurs';

interface Props {
  report: Report;
  photo: Picture;
  close: () => void;
}

export function Moderation({ report, photo, close }: Props) {
  const id = useId();
  const boxes = useSignal<Box[]>([]);
  const alt = useSignal(photo.alt);
  const busy = useSignal(false);
  const trouble = useSignal('');
  const send = async (state: string, done: string) => {
    busy.value = true;
    try {
      const words = alt.value.trim() === photo.alt ? {} : { alt: alt.value.trim() };
      await desk.photo(report.id, photo.id ?? 0, { state, boxes: boxes.value, ...words });
      close();
      say(done);
      refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error.offline ? c.notDoneOffline : error.message || t.failedWhy;
    } finally {
      busy.value = false;
    }
  };
  const isShown = photo.state === 'published';
  return (
    <>
      <Blurs photo={photo} boxes={boxes} />
      <div class="moderate">
        <label for={id} class="f13 sub">
          {c.photoAlt}
        </label>
        <input
          id={id}
          class="inp"
          maxLength={200}
          value={alt.value}
          onInput={({ currentTarget: { value } }) => {
            alt.value = value;
          }}
        />
        {trouble.value && (
          <p class="error" role="alert">
            {trouble.value}
          </p>
        )}
        <div class="row wrap">
          <button
            type="button"
            class="btn pri"
            disabled={busy.value}
            onClick={() => void send('published', c.photoPublished)}
          >
            <Icon name="check" size="s" />
            {boxes.value.length ? c.coverAndPublish(boxes.value.length) : isShown ? c.keepPublished : c.publish}
          </button>
          {photo.state !== 'hidden' && (
            <button type="button" class="btn" disabled={busy.value} onClick={() => void send('hidden', c.photoHidden)}>
              {c.hide}
            </button>
          )}
        </div>
      </div>
    </>
  );
}
