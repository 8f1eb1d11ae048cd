/** What a change is, or why it is none: chosen before the verdict. */

import { kind, options, reason, setKind } from './store';
import { w } from './words';

export function Kinds() {
  return (
    <fieldset class="kinds">
      <legend class="sr">{w.kinds}</legend>
      {options.value?.kinds.map(({ value, title, key }) => (
        <button key={value} type="button" aria-pressed={kind.value === value} onClick={() => setKind(value)}>
          <kbd>{key}</kbd>
          {title}
        </button>
      ))}
    </fieldset>
  );
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
