/** What a change is, or why it is none: chosen before the verdict. */

import { options, reason } from './options';
import { isChoosing, kind, note, setKind } from './store';
import { w } from './words';

export function Kinds() {
  return (
    <fieldset class="kinds">
      <legend class="sr">{w.kinds}</legend>
      {options.value?.kinds.map(({ value, title, key }) => (
        <button
          key={value}
          type="button"
          aria-pressed={kind.value === value}
          onClick={() => setKind(isChoosing.value && kind.value === value ? '' : value)}
        >
          <kbd>{key}</kbd>
          {title}
        </button>
      ))}
    </fieldset>
  );
}

/** Another reason for no change, by key. */
export function turnReason(): void {
  const all = options.peek()?.reasons ?? [];
  const at = all.findIndex(({ value }) => value === reason.peek());
  reason.value = all[(at + 1) % all.length]?.value ?? '';
}

export function Reasons() {
  return (
    <label class="lab">
      <span>
        {w.reasonOf} <kbd class="only-d">R</kbd>
      </span>
      <select
        class="inp"
        value={reason.value}
        onChange={(event) => {
          reason.value = event.currentTarget.value;
        }}
      >
        {options.value?.reasons.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The id of the note's field, where the key M goes. */
export const NOTE = 'note';

/** Words for whoever reads the verdict; Enter and Escape go back to the keys. */
export function Note() {
  return (
    <label class="lab">
      <span>
        {w.note} <kbd class="only-d">M</kbd>
      </span>
      <input
        id={NOTE}
        class="inp"
        maxLength={200}
        value={note.value}
        onInput={(event) => {
          note.value = event.currentTarget.value;
        }}
        onKeyDown={({ key, isComposing, currentTarget }) => {
          // Of an input method they end the word, not the note.
          if (!isComposing && (key === 'Enter' || key === 'Escape')) currentTarget.blur();
        }}
      />
    </label>
  );
}
