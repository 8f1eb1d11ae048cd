import { strokes } from './icons';
import { MARKS } from './marks';

/** A stroke icon; always beside a word or inside a control that has a name, therefore hidden from readers. */
export function Icon({ name, size }: { name: string; size?: 's' | 'xs' | undefined }) {
  return (
    <svg class={size ? `ic ${size}` : 'ic'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={strokes(name)} />
    </svg>
  );
}

const token = (name: string | undefined) => (name ? `var(--${name})` : 'none');

/** A status mark, 16 px; the words stand beside it. */
export function Mark({ name }: { name: string }) {
  return (
    <svg class="st" viewBox="0 0 16 16" aria-hidden="true">
      {(MARKS[name] ?? []).map(({ d, fill, line, width, dash }) => (
        <path
          key={d}
          d={d}
          fill={token(fill)}
          stroke={token(line)}
          stroke-width={width}
          stroke-dasharray={dash}
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      ))}
    </svg>
  );
}

/** The sign of the product. */
export function Brand({ size }: { size: number }) {
  return (
    <svg class="sign" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--pri)" />
      <path
        d="M6 21.5c3.5-3 6.5-3 10 0s6.5 3 10 0M6 25.5c3.5-3 6.5-3 10 0s6.5 3 10 0"
        fill="none"
        stroke="var(--on-pri)"
        stroke-width="2"
        stroke-linecap="round"
      />
      <path d="M16 17.5c-3-3-4.8-5-4.8-7.3a4.8 4.8 0 0 1 9.6 0c0 2.3-1.8 4.3-4.8 7.3Z" fill="var(--on-pri)" />
      <circle cx="16" cy="10.2" r="1.8" fill="var(--pri)" />
    </svg>
  );
}
