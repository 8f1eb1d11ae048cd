/** Being told of progress by e-mail: the address is sent, never shown again, and one press takes it away. */

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import type { OwnReport } from '../../incidents/own';
import { busy, tell } from './data';
import { land } from './land';
import { k } from './words';

/** After these nothing follows that one could be told of. */
const OVER = ['rejected', 'withdrawn'];

interface Part {
  done: () => void;
}

function On({ isReminded, done }: Part & { isReminded: boolean }) {
  return (
    <>
      <p class="sub f14">{isReminded ? k.reminded : k.remindAsked}</p>
      <button type="button" class="btn sm" disabled={busy.value} onClick={() => void tell('').then(done)}>
        {k.remindStop}
      </button>
    </>
  );
}

function Ask({ done }: Part) {
  const typed = useSignal('');
  const told = useSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const email = typed.value.trim();
    told.value = email ? ((await tell(email))?.said ?? '') : k.emailNeeded;
    done();
  };
  return (
    <form class={told.value ? 'field bad' : 'field'} onSubmit={(event) => void submit(event)} noValidate>
      <label class="lab" for="remind">
        {k.email}
      </label>
      <div class="row">
        <input
          id="remind"
          class="inp grow"
          type="email"
          maxLength={120}
          autocomplete="email"
          aria-describedby="remind-told"
          aria-invalid={told.value ? true : undefined}
          value={typed.value}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value;
          }}
        />
        <button type="submit" class="btn" disabled={busy.value}>
          {k.remindMe}
        </button>
      </div>
      <p id="remind-told" class={told.value ? 'error' : 'hint'} role={told.value ? 'alert' : undefined}>
        {told.value || k.remindHint}
      </p>
    </form>
  );
}

export function Remind({ of }: { of: OwnReport }) {
  const card = useRef<HTMLElement>(null);
  const done = () => land(card);
  if (OVER.includes(of.status)) return null;
  return (
    <section ref={card} class="card c o6 noprint" aria-labelledby="remind-title">
      <h2 id="remind-title" class="row" tabIndex={-1}>
        <Icon name="bell" size="s" />
        {k.remindTitle}
      </h2>
      {of.is_reminded || of.is_asked ? <On isReminded={of.is_reminded} done={done} /> : <Ask done={done} />}
    </section>
  );
}
