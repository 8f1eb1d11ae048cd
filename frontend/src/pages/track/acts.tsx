/** What may be done now: exactly what the server offers, and a form for what each needs. */

import { type Signal, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import type { Move, OwnReport } from '../../incidents/own';
import { PhotoGrid } from '../../incidents/photo-grid';
import { again, attach, attached, detach, detachAll, MOST } from './attach';
import { acting, busy, move, type Refusal, refused } from './data';
import { land } from './land';
import { k } from './words';

/** The order on the page: what the person came for first. */
const ORDER = ['supplement', 'confirm', 'reopen', 'appeal', 'comment', 'withdraw'];
const ICONS: Record<string, string> = {
  confirm: 'check',
  reopen: 'undo',
  appeal: 'alert',
  supplement: 'edit',
  comment: 'edit',
  withdraw: 'close',
};
/** Which of these take photos, whether or not they need them. */
const WITH_PHOTOS = ['reopen', 'supplement'];
const TITLES: Record<string, () => string> = {
  confirm: () => k.confirm,
  reopen: () => k.reopen,
  appeal: () => k.appeal,
  supplement: () => k.supplement,
  comment: () => k.comment,
  withdraw: () => k.withdraw,
};

const titleOf = ({ name, title }: Move) => TITLES[name]?.() ?? title;
const needsWords = ({ name, needs }: Move) =>
  needs.includes('reason') || needs.includes('text') || name === 'comment' || name === 'supplement';
const needsPhotos = ({ needs }: Move) => needs.includes('photos');

/** What is missing before the form may go. */
function lacking(one: Move, words: string): Refusal | null {
  if (needsWords(one) && !words) return { said: k.textNeeded, field: 'text' };
  if (needsPhotos(one) && !attached.value.length) return { said: k.photoNeeded, field: 'photos' };
  const isBusy = attached.value.some(({ state }) => state === 'sending' || state === 'waiting');
  return isBusy ? { said: k.photosBusy, field: 'photos' } : null;
}

/** What the server calls the words of a form. */
const WORDS = ['text', 'reason'];

/** Whether a remark is for everybody. */
const forAll = signal(false);

async function send(one: Move, words: string): Promise<void> {
  const tokens = attached.value.filter(({ state }) => state === 'done').map(({ token }) => token);
  await move(one.name, {
    ...(words && { text: words }),
    ...(one.name === 'comment' && forAll.value && { is_public: true }),
    ...(WITH_PHOTOS.includes(one.name) && tokens.length && { photos: tokens }),
  });
}

function Words({ one, value, hint }: { one: Move; value: Signal<string>; hint: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const told = WORDS.includes(refused.value?.field ?? '') && refused.value?.said;
  useEffect(() => field.current?.focus(), []);
  return (
    <div class={told ? 'field bad' : 'field'}>
      <label class="lab" for="words">
        {k.text[one.name] ?? one.title}
      </label>
      <textarea
        id="words"
        ref={field}
        class="inp"
        rows={3}
        maxLength={1000}
        aria-describedby="words-told"
        aria-invalid={told ? true : undefined}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
      <p id="words-told" class={told ? 'error' : 'hint'} role={told ? 'alert' : undefined}>
        {told || hint}
      </p>
    </div>
  );
}

function close(): void {
  acting.value = '';
  refused.value = null;
}

/** What was refused and is said at no field. */
function Refused({ hasWords }: { hasWords?: boolean }) {
  if (!refused.value || (hasWords && WORDS.includes(refused.value.field))) return null;
  return (
    <p class="error" role="alert" tabIndex={-1}>
      {refused.value.said}
    </p>
  );
}

function ForAll() {
  useEffect(() => {
    forAll.value = false;
  }, []);
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={forAll.value}
        onChange={({ currentTarget }) => {
          forAll.value = currentTarget.checked;
        }}
      />
      <span>{k.commentPublic}</span>
    </label>
  );
}

interface FormProps {
  one: Move;
  hint: string;
  mayBePublic: boolean;
  done: () => void;
}

function Form({ one, hint, mayBePublic, done }: FormProps) {
  const words = useSignal('');
  useEffect(() => detachAll, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    refused.value = lacking(one, words.value.trim());
    if (!refused.value) await send(one, words.value.trim());
    done();
  };
  return (
    <form class="actform" onSubmit={(event) => void submit(event)} noValidate>
      {needsWords(one) ? <Words one={one} value={words} hint={hint} /> : <p class="sub">{hint}</p>}
      {mayBePublic && <ForAll />}
      {WITH_PHOTOS.includes(one.name) && (
        <PhotoGrid
          all={attached.value}
          most={MOST}
          hint={needsPhotos(one) ? '' : k.optional}
          add={attach}
          remove={detach}
          retry={again}
        />
      )}
      <Refused hasWords={needsWords(one)} />
      <div class="rb two">
        <button type="submit" class="btn pri" disabled={busy.value}>
          {k.send}
        </button>
        <button
          type="button"
          class="btn"
          onClick={() => {
            close();
            done();
          }}
        >
          {k.cancel}
        </button>
      </div>
    </form>
  );
}

const HINTS: Record<string, () => string> = {
  reopen: () => k.reopenHint,
  comment: () => k.commentHint,
  withdraw: () => k.withdrawSure,
};

function Buttons({ all, main, done }: { all: Move[]; main: string; done: () => void }) {
  const press = async ({ name }: Move) => {
    refused.value = null;
    if (name !== 'confirm') {
      acting.value = name;
      return;
    }
    await move(name, {});
    done();
  };
  return (
    <div class="rb">
      {all.map((one) => (
        <button
          key={one.name}
          type="button"
          class={one.name === main ? 'btn pri' : 'btn'}
          disabled={busy.value}
          onClick={() => void press(one)}
        >
          <Icon name={ICONS[one.name] ?? 'edit'} size="s" />
          {titleOf(one)}
        </button>
      ))}
    </div>
  );
}

/** What the desk wants to know, while it waits for it. */
const asked = ({ status, comments }: OwnReport) =>
  status === 'need_info' || status === 'waiting' ? (comments.filter(({ is_own }) => !is_own).at(-1)?.text ?? '') : '';

/** What stands above the buttons: the question to rate, or the one that was asked. */
function Lead({ asks, question }: { asks: boolean; question: string }) {
  if (asks) return <p class="sub f14">{k.rateHint}</p>;
  if (!question) return null;
  return (
    <>
      <p class="asked">{question}</p>
      <p class="sub f14">{k.questionHint}</p>
    </>
  );
}

export function Acts({ of }: { of: OwnReport }) {
  const { moves, status } = of;
  const card = useRef<HTMLElement>(null);
  const done = () => land(card);
  const question = asked(of);
  const known = moves.filter(({ name }) => ORDER.includes(name));
  const all = known.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  const open = all.find(({ name }) => name === acting.value);
  const asks = status === 'answered';
  const title = asks ? k.rate : question ? k.question : k.act;
  if (!all.length) return null;
  return (
    <section ref={card} class="card c rate o2 noprint" aria-labelledby="acts-title">
      <h2 id="acts-title" tabIndex={-1}>
        {open ? titleOf(open) : title}
      </h2>
      {open ? (
        <Form
          key={open.name}
          one={open}
          hint={HINTS[open.name]?.() ?? ''}
          mayBePublic={of.is_public && open.name === 'comment'}
          done={done}
        />
      ) : (
        <>
          <Lead asks={asks} question={question} />
          <Buttons all={all} main={asks ? 'confirm' : question ? 'supplement' : ''} done={done} />
          <Refused />
          {asks && <p class="f13 mut">{k.rateSilence}</p>}
        </>
      )}
    </section>
  );
}
