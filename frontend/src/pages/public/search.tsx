/** The search box: a combobox. What it does and finds is loaded when somebody goes to it. */

import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { at, found, text } from './search-state';

const part = signal<typeof import('./searching') | null>(null);

function load(): void {
  if (part.value) return;
  import('./searching').then(
    (loaded) => {
      part.value = loaded;
      if (text.value) loaded.typed();
    },
    () => undefined, // no network: the page says so anyway
  );
}

interface Props {
  flat?: boolean;
  lead?: preact.ComponentChildren;
  tail?: preact.ComponentChildren;
}

export function Search({ flat, lead, tail }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const { query, results } = found.value;
  const id = 'search-results';
  const type = (value: string) => {
    text.value = value;
    part.value?.typed();
  };
  return (
    <search class="searchbox">
      <div class={flat ? 'search flat' : 'search'}>
        {lead ?? <Icon name="search" size="s" />}
        <input
          ref={input}
          type="text"
          maxLength={60}
          enterkeyhint="search"
          autocomplete="off"
          spellcheck={false}
          role="combobox"
          aria-label={t.search}
          aria-autocomplete="list"
          aria-expanded={results.length > 0}
          aria-controls={id}
          aria-activedescendant={at.value >= 0 ? `${id}-${at.value}` : undefined}
          placeholder={flat ? t.searchLong : t.searchShort}
          value={text.value}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => part.value?.keys(event)}
          onFocus={load}
          onBlur={() => part.value?.close()}
        />
        {text.value ? (
          <button
            type="button"
            class="clear"
            aria-label={t.searchClear}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              type('');
              input.current?.focus();
            }}
          >
            <Icon name="close" size="s" />
          </button>
        ) : (
          tail
        )}
      </div>
      {part.value && <part.value.Results id={id} />}
      <span class="sr" role="status">
        {query && t.searchCount(results.length)}
      </span>
    </search>
  );
}
