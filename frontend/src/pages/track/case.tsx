/** One report, for whoever holds its code: how far it is, the answer, what may be done, what happened. */

import { boot } from '../../core/boot';
import { date, time } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon, Mark } from '../../core/icons/Icon';
import { Empty } from '../../core/ui/Notes';
import { Facts, Status } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { forget, isKept, keep } from '../../incidents/kept';
import type { OwnReport, Reply, ShownPhoto } from '../../incidents/own';
import { s } from '../../incidents/words';
import { lookOf } from '../../layers/report-status';
import { Acts } from './acts';
import { code } from './data';
import { Ladder } from './ladder';
import { OwnMap } from './map';
import { Remind } from './remind';
import { k } from './words';

const at = (moment: string) => `${date(moment)} ${time(moment)}`;

/** What the state means for the reader, beside its official word. */
function detail({ status, accept_by, info_by, due_on, is_overdue }: OwnReport): string | undefined {
  if (status === 'answered') return k.waitsForYou;
  if (is_overdue) return k.overdue;
  if (info_by) return k.infoBy(date(info_by));
  if (due_on) return k.dueOn(date(due_on));
  return accept_by ? k.acceptBy(at(accept_by)) : undefined;
}

function Hero({ of }: { of: OwnReport }) {
  const place = boot.lang === 'en' ? [of.village_name, of.township_name] : [of.township_name, of.village_name];
  return (
    <div class="hero">
      <p class="row wrap">
        <Status status={lookOf(of.status, of.is_overdue)} title={of.status_title} detail={detail(of)} />
        <span class="mut f13">{k.number(of.number)}</span>
      </p>
      <h1 tabIndex={-1}>{of.title}</h1>
      <p class="sub">
        <Facts
          of={[
            place.filter(Boolean).join(boot.lang === 'en' ? ', ' : ''),
            of.category_title,
            k.reported(date(of.submitted_at)),
            of.followers > 0 && k.followers(of.followers),
          ]}
        />
      </p>
      <Ladder status={of.status} />
    </div>
  );
}

function Figure({ photo }: { photo: ShownPhoto }) {
  return (
    <figure>
      <a href={photo.large} target="_blank" rel="noopener">
        <img src={photo.medium} alt={photo.alt || k.photoOpen} loading="lazy" width="480" height="360" />
      </a>
      {(photo.alt || photo.taken_on) && (
        <figcaption>
          <Facts of={[photo.alt, photo.taken_on && date(photo.taken_on)]} />
        </figcaption>
      )}
    </figure>
  );
}

function Answer({ reply, rounds }: { reply: Reply; rounds: number }) {
  return (
    <section class="card c o1">
      <h2>{k.replyOf(reply.unit)}</h2>
      <p class="read">{reply.text}</p>
      {reply.photos.length > 0 && (
        <div class="ba2">
          {reply.photos.map((photo) => (
            <Figure key={photo.large} photo={photo} />
          ))}
        </div>
      )}
      {reply.documents.map(({ url, title }) => (
        <p key={url} class="file">
          <Icon name="dl" size="s" />
          <a href={url}>{title}</a>
        </p>
      ))}
      <p class="f13 mut">
        <Facts of={[at(reply.at), rounds > 1 && k.replyAgain(reply.round)]} />
      </p>
    </section>
  );
}

function Answers({ of: { replies } }: { of: OwnReport }) {
  if (!replies.length) {
    return (
      <section class="card c o1">
        <Empty title={k.noReply} icon="info">
          {k.noReplyHint}
        </Empty>
      </section>
    );
  }
  return (
    <>
      {[...replies].reverse().map((reply) => (
        <Answer key={reply.at} reply={reply} rounds={replies.length} />
      ))}
    </>
  );
}

function History({ of: { steps } }: { of: OwnReport }) {
  return (
    <section class="card c o3">
      <h2>{k.history}</h2>
      <ol class="tl">
        {[...steps].reverse().map(({ at: when, move, title, note }, index) => (
          <li key={when + move}>
            <Mark name={index ? 'done' : 'work'} />
            <div>
              <p class="row wrap">
                <b>{title}</b>
                <time class="mut f13" dateTime={when}>
                  {at(when)}
                </time>
              </p>
              {note && <p class="f14 sub">{note}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The public page of it, which has no code in its address. */
function share(number: string, title: string): void {
  const url = `${origin}/?county=${boot.county}&sel=incidents:${number}`;
  if (navigator.share) void navigator.share({ title, url }).catch(() => undefined);
  else
    navigator.clipboard?.writeText(url).then(
      () => say(k.shareHint),
      () => say(url),
    ) ?? say(url);
}

function Keep({ of }: { of: OwnReport }) {
  const on = isKept(code);
  const toggle = () => {
    const done = on ? forget(code) : keep({ code, number: of.number, title: of.title, at: new Date().toISOString() });
    if (!done) say(k.keepFailed);
  };
  return (
    <button type="button" class="btn sm" aria-pressed={on} title={k.keepHint} onClick={toggle}>
      <Icon name={on ? 'check' : 'dl'} size="s" />
      {on ? k.kept1 : k.keep}
    </button>
  );
}

/** Whether everybody may look at it, at another address. */
const isShown = ({ is_public, status }: OwnReport) =>
  is_public && !['submitted', 'need_info', 'rejected', 'withdrawn'].includes(status);

function Place({ of }: { of: OwnReport }) {
  return (
    <section class="card mm o4">
      <OwnMap of={of} />
      <div class="c2">
        <p class="f14 sub">{of.precision_m ? k.mapHint : k.mapExact}</p>
        <div class="row wrap noprint">
          <Keep of={of} />
          {isShown(of) && (
            <button type="button" class="btn sm" onClick={() => share(of.number, of.title)}>
              <Icon name="share" size="s" />
              {k.share}
            </button>
          )}
          <button type="button" class="btn sm" onClick={() => print()}>
            <Icon name="print" size="s" />
            {k.print}
          </button>
        </div>
        <p class="f13 mut noprint">{k.secret}</p>
      </div>
    </section>
  );
}

function Yours({ of: { text, address, answers, photos, comments } }: { of: OwnReport }) {
  const published = photos.filter(({ state }) => state === 'published').length;
  return (
    <section class="card c o5">
      <h2>{k.yours}</h2>
      <p class="read">{text}</p>
      <ul class="answers f14">
        {answers.map(({ title, text: said }) => (
          <li key={title}>
            <span class="mut">{title}</span> {said}
          </li>
        ))}
      </ul>
      <p class="f13 mut">
        <Facts of={[address, photos.length > 0 && k.photosSent(photos.length, published)]} />
      </p>
      {photos.length > 0 && (
        <ul class="ph">
          {photos.map((photo, index) => (
            <li key={photo.token} class="pp">
              <a href={photo.large} target="_blank" rel="noopener">
                <img src={photo.thumb} alt={s.photoAlt(index + 1)} loading="lazy" />
              </a>
            </li>
          ))}
        </ul>
      )}
      {comments.length > 0 && <h3>{k.comments}</h3>}
      <ul class="talk">
        {comments.map((one) => (
          <li key={one.at + one.text} class={one.is_own ? 'own' : ''}>
            <p class="f13 mut">
              <Facts
                of={[`${one.is_own ? k.you : k.staff} ${at(one.at)}`, one.is_public && k.isShown(one.is_published)]}
              />
            </p>
            <p>{one.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Case({ of }: { of: OwnReport }) {
  return (
    <>
      <Hero of={of} />
      <div class="g2">
        <div class="cl">
          <Answers of={of} />
          <Yours of={of} />
          <Place of={of} />
        </div>
        <div class="cl">
          <Acts of={of} />
          <Remind of={of} />
          <History of={of} />
        </div>
      </div>
      <p class="legal">
        {boot.facts?.base_maps[0]?.approval_number
          ? t.approval(boot.facts.base_maps[0].approval_number)
          : t.approvalMissing}
        {boot.facts?.is_demo && ` ${t.demoWhy}`}
      </p>
    </>
  );
}
