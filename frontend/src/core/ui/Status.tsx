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

/** Separates facts on a line; read as a comma. */
export function Dot() {
  return (
    <>
      <span class="sr">, </span>
      <i class="dot" aria-hidden="true" />
    </>
  );
}

/** A line of facts; empty ones leave no gap. */
export function Facts({ of }: { of: (string | null | undefined | false)[] }) {
  const told = of.filter(Boolean);
  return (
    <>
      {told.map((fact, index) => (
        <span key={String(fact)}>
          {index > 0 && <Dot />}
          {fact}
        </span>
      ))}
    </>
  );
}
