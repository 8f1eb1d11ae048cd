import { number } from '../format';
import { Mark } from '../icons/Icon';

/** A number, and with its mark what it counts. */
export function Figure({ count, title, mark }: { count: number; title: string; mark?: string }) {
  return (
    <div class="k">
      <b>{number(count)}</b>
      <span>
        {mark && <Mark name={mark} />}
        {title}
      </span>
    </div>
  );
}
