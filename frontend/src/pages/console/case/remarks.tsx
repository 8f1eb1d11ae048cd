/** What was said beside the moves, and what everybody reads of the report. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ApiError } from '../../../core/api';
import { useFirst } from '../../../core/ui/first';
import { Facts } from '../../../core/ui/Status';
import { say } from '../../../core/ui/toast';
import { desk } from '../api';
import { options, refresh } from '../store';
import { momentOf } from '../times';
import type { Remark, Report } from '../types';
import { c } from '../words';

const FIRST = 4;

/** A remark for everybody waits for somebody of the office: shown as it is, or as it was corrected. */
function Publish({ report, remark }: { report: number; remark: Remark }) {
  const id = useId();
  const words = useSignal(remark.text);
  const send = async (is_published: boolean) => {
    try {
      await desk.act(report, 'comment_publish', { comment: remark.id, is_published, text: words.value });
      say(is_published ? c.remarkPublished : c.remarkHidden);
      refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.offline ? c.notDoneOffline : error.message);
    }
  };
  return (
    <details class="f13">
      <summary>{remark.is_published ? c.remarkIsPublic : c.remarkWaits}</summary>
      <label class="f13 sub" for={id}>
        {c.f.publicText}
      </label>
      <textarea
        id={id}
        class="inp"
        rows={2}
        maxLength={1000}
        value={words.value}
        onInput={({ currentTarget: { value } }) => {
          words.value = value;
        }}
      />
      <p class="row">
        <button type="button" class="btn sm" onClick={() => void send(true)}>
          {c.publish}
        </button>
        {remark.is_published && (
          <button type="button" class="btn sm" onClick={() => void send(false)}>
            {c.hide}
          </button>
        )}
      </p>
    </details>
  );
}

export function Remarks({ report: { id: report, comments, moves } }: { report: Report }) {
  const [shown, more] = useFirst(comments, FIRST);
  const readers = new Map(options.value?.audiences.map(({ key, title }) => [key, title]));
  const edits = moves.some(({ name }) => name === 'edit');
  if (!comments.length) return null;
  return (
    <section aria-labelledby="remarks" class="remarks">
      <h3 id="remarks">{c.remarks}</h3>
      <ul>
        {shown.map((remark) => (
          <li key={remark.id}>
            <p class="told">{remark.text}</p>
            <p class="f13 mut">
              <Facts
                of={[
                  remark.part === 'reporter' ? c.reporter : remark.who,
                  momentOf(remark.at),
                  c.readBy(readers.get(remark.audience) ?? ''),
                ]}
              />
            </p>
            {edits && remark.audience === 'public' && <Publish report={report} remark={remark} />}
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

/** Whether the public sees the report, and in which words. */
export function Shown({ report: { is_public, public_text, text, status } }: { report: Report }) {
  if (!is_public) return <p class="f13 mut">{c.keptFromMap}</p>;
  if (!public_text || public_text === text)
    return <p class="f13 mut">{status === 'submitted' ? c.willBeOnTheMap : c.onTheMap}</p>;
  return (
    <details class="f13">
      <summary>{c.publicReads}</summary>
      <p class="told">{public_text}</p>
    </details>
  );
}
