import type { ComponentChildren } from 'preact';
import { Mark } from '../icons/Icon';
import { statusLook } from '../icons/marks';

/** Mark, state, rule, detail: never by colour alone. */
export function Status({ status, title, detail }: { status: string; title: string; detail?: string | undefined }) {
  const look = statusLook(status);
  return (
    <span class={`status ${look.tone}`}>
      <Mark name={look.mark} />
      {title}
      {detail && <span class="due">{detail}</span>}
    </span>
  );
}

/**
 * A line of facts with a small dot between them. A fact never breaks inside where it fits a line, empty ones
 * leave no gap, and a dot never begins a line: each line's first dot is cut off by the box.
 */
export function Facts({ of }: { of: ComponentChildren[] }) {
  const told = of.filter((fact) => fact !== '' && fact !== null && fact !== undefined && fact !== false);
  if (!told.length) return null;
  return (
    <span class="facts-line">
      <span>
        {told.map((fact, index) => (
          <span class="fact" key={index}>
            <i class="dot" aria-hidden="true" />
            {index > 0 && <span class="sr">, </span>}
            {fact}
          </span>
        ))}
      </span>
    </span>
  );
}
