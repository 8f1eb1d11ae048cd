import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n';

/** The first rows of a list, and the button that shows the others: nothing where there are none. */
export function useFirst<T>(rows: readonly T[], first: number): [shown: readonly T[], more: ComponentChildren] {
  const most = useSignal(first);
  const rest = rows.length - most.value;
  const show = () => {
    most.value = Number.POSITIVE_INFINITY;
  };
  return [
    rows.slice(0, most.value),
    rest > 0 && (
      <button type="button" class="btn sm soft" onClick={show}>
        {t.showMore(rest)}
      </button>
    ),
  ];
}
