/** The page that asks for a tracking code, and the codes somebody chose to keep here. */

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { date } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { goToPage } from '../../core/url';
import { forget, kept } from '../../incidents/kept';
import { normal } from './data';
import { land } from './land';
import { k } from './words';

const address = (code: string) => `/track/${encodeURIComponent(code)}?county=${boot.county}&lang=${boot.lang}`;

function Kept() {
  if (!kept.value.length) return null;
  return (
    <section class="card c">
      <h2>{k.kept}</h2>
      <ul>
        {kept.value.map(({ code, number, title, at }) => (
          <li key={code} class="keptrow">
            <a href={address(code)} class="grow">
              <b>{title || number}</b>
              <span class="d">
                {number}
                <i class="dot" />
                {k.keptOn(date(at))}
              </span>
            </a>
            <button type="button" class="x" aria-label={`${k.forget} ${number}`} onClick={() => forget(code)}>
              <Icon name="close" size="s" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Enter({ unknown }: { unknown: string }) {
  const typed = useSignal(unknown);
  const wrong = useSignal(unknown ? k.notFound : '');
  const form = useRef<HTMLFormElement>(null);
  const look = (event: Event) => {
    event.preventDefault();
    const code = normal(typed.value);
    if (code) return goToPage(address(code));
    wrong.value = k.codeBad;
    land(form);
  };
  return (
    <div class="enter">
      <form ref={form} class="card c" onSubmit={look} noValidate>
        <h1>{k.enter}</h1>
        <div class={wrong.value ? 'field bad' : 'field'}>
          <label class="lab" for="code">
            {k.code}
          </label>
          <input
            id="code"
            class="inp code"
            maxLength={40}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            enterkeyhint="go"
            aria-describedby="code-told"
            aria-invalid={wrong.value ? true : undefined}
            value={typed.value}
            onInput={({ currentTarget }) => {
              typed.value = currentTarget.value;
              wrong.value = '';
            }}
          />
          <p id="code-told" class={wrong.value ? 'error' : 'hint'} role={wrong.value ? 'alert' : undefined}>
            {wrong.value || k.enterHint}
          </p>
        </div>
        <button type="submit" class="btn pri block">
          {k.look}
        </button>
        <p class="hint">{k.lost}</p>
      </form>
      <Kept />
    </div>
  );
}
