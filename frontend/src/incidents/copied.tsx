import { useRef } from 'preact/hooks';
import { say } from '../core/ui/toast';
import { s } from './words';

async function copy(field: HTMLInputElement | null): Promise<void> {
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say(s.copied);
  } catch {
    // Not on plain http, and not everywhere: what is selected can be copied the old way.
    say(document.execCommand('copy') ? s.copied : s.copyFailed);
  }
}

/** Something to take along, and the button that does it. */
export function Copied({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="copied">
      <input ref={field} class="inp" readOnly aria-label={label} value={value} spellcheck={false} />
      <button type="button" class="btn soft" onClick={() => void copy(field.current)}>
        {s.copy}
      </button>
    </div>
  );
}
