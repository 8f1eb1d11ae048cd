/** One report, as everybody may read it: what was said, what was answered, and that others have the same trouble. */

import { useSignal } from '@preact/signals';
import { ApiError, send } from '../core/api';
import { boot } from '../core/boot';
import { date } from '../core/format';
import { Icon } from '../core/icons/Icon';
import type { Incident, Photo } from '../core/types';
import { say } from '../core/ui/toast';
import { Picture } from './photo';
import { p } from './words';

function Photos({ all }: { all: Photo[] }) {
  if (!all.length) return null;
  return (
    <ul class="photos">
      {all.map((photo) => (
        <li key={photo.large}>
          <a class="photo" href={photo.large} target="_blank" rel="noopener">
            <Picture photo={photo} sizes="196px" />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** "Me too": counted once a day for each client. */
function MeToo({ number }: { number: string }) {
  const done = useSignal(false);
  const press = async () => {
    try {
      await send('POST', `/api/incidents/${number}:follow`, {}, boot.csrf);
      done.value = true;
      say(p.meTooDone);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.offline ? p.offline : error.message);
    }
  };
  return (
    <button type="button" class="btn soft block" disabled={done.value} onClick={() => void press()}>
      <Icon name={done.value ? 'check' : 'users'} size="s" />
      {p.meToo}
    </button>
  );
}

export function ReportFacts({ of }: { of: Incident }) {
  const facts = [
    [p.number, of.number],
    [p.reportedOn, date(of.submitted_on)],
    [p.dueOn, of.due_on ? date(of.due_on) : ''],
    [p.followers, of.followers ? String(of.followers) : ''],
    [p.mergedInto, of.merged_into ?? ''],
  ].filter(([, value]) => value);
  const isOpen = !['closed', 'answered', 'merged'].includes(of.status);
  return (
    <>
      {of.replies?.map((reply) => (
        <section class="sec" key={reply.at}>
          <h2>{p.replyOf(reply.unit)}</h2>
          <p class="f14 text">{reply.text}</p>
          <Photos all={reply.photos} />
          {reply.documents.map(({ url, title }) => (
            <p class="f14" key={url}>
              <a href={url}>{title}</a>
            </p>
          ))}
          <p class="f13 mut">{date(reply.at)}</p>
        </section>
      ))}
      <section class="sec">
        {of.text && <p class="f14 text">{of.text}</p>}
        <Photos all={of.photos} />
        <dl class="facts">
          {facts.map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {of.comments.map((one) => (
          <p class="f14 text" key={one.on + one.text}>
            {one.text} <span class="mut f13">{date(one.on)}</span>
          </p>
        ))}
        {isOpen && !boot.embed && <MeToo number={of.number} />}
      </section>
    </>
  );
}
