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

/** Counts the client, and has an address asked whether it wants to be told; whether that went well. */
async function follow(number: string, body: { email?: string }, done: string): Promise<boolean> {
  try {
    await send('POST', `/api/incidents/${number}:follow`, body, boot.csrf);
    say(done);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.offline ? p.offline : error.message);
    return false;
  }
}

/** "Me too": counted once a day for each client; whoever wants to hear of it leaves an address then. */
function MeToo({ number }: { number: string }) {
  const done = useSignal(false);
  const asked = useSignal(false);
  const press = async () => {
    done.value = await follow(number, {}, p.meTooDone);
  };
  const leave = async (event: Event) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget as HTMLFormElement).get('email'));
    asked.value = await follow(number, { email }, p.remindAsked);
  };
  return (
    <>
      <button type="button" class="btn soft block" disabled={done.value} onClick={() => void press()}>
        <Icon name={done.value ? 'check' : 'users'} size="s" />
        {p.meToo}
      </button>
      {done.value && !asked.value && (
        <form class="field" onSubmit={(event) => void leave(event)}>
          <label class="lab" for="remind">
            {p.remindEmail}
          </label>
          <div class="row">
            <input
              id="remind"
              name="email"
              type="email"
              class="inp grow"
              maxLength={120}
              autocomplete="email"
              required
            />
            <button type="submit" class="btn">
              {p.remindMe}
            </button>
          </div>
        </form>
      )}
    </>
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
