/** What a list is narrowed to beside the words sought, and the way to keep that under a name. */

import { signal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { learnCategories } from './categories';
import { CategoryOptions } from './moves/category';
import { keep } from './saved';
import { isNarrowed, narrow, narrowed, openQueue, options, queue } from './store';
import { c } from './words';

const name = signal('');

function Keep() {
  const id = useId();
  return (
    <form
      class="row wrap"
      onSubmit={(event) => {
        event.preventDefault();
        if (keep(name.value)) name.value = '';
      }}
    >
      <label class="sr" for={id}>
        {c.savedName}
      </label>
      <input
        id={id}
        class="inp grow"
        maxLength={20}
        placeholder={c.savedName}
        value={name.value}
        onInput={({ currentTarget: { value } }) => {
          name.value = value;
        }}
      />
      <button type="submit" class="btn sm" aria-describedby={`${id}-where`} disabled={!name.value.trim()}>
        {c.keepFilter}
      </button>
      <p class="hint" id={`${id}-where`}>
        {c.keptHere}
      </p>
    </form>
  );
}

export function Narrowing() {
  useEffect(() => void learnCategories(), []);
  return (
    <details class="narrow" open={Boolean(narrowed.value.category || narrowed.value.status)}>
      <summary>{c.narrow}</summary>
      <div class="row">
        <select
          class="inp grow"
          aria-label={c.f.category}
          value={narrowed.value.category}
          onChange={({ currentTarget: { value } }) => narrow('category', value)}
        >
          <option value="">{c.allCategories}</option>
          <CategoryOptions />
        </select>
        <select
          class="inp grow"
          aria-label={c.status}
          value={narrowed.value.status}
          onChange={({ currentTarget: { value } }) => narrow('status', value)}
        >
          <option value="">{c.allStatuses}</option>
          {options.value?.statuses.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      </div>
      {isNarrowed.value && (
        <>
          <Keep />
          <button type="button" class="link f13" onClick={() => openQueue(queue.value)}>
            {c.wholeQueue}
          </button>
        </>
      )}
    </details>
  );
}
