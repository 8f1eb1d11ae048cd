import type { ComponentChildren, Ref } from 'preact';

interface BodyProps {
  label: string;
  children: ComponentChildren;
  inner?: Ref<HTMLDivElement>;
  onScroll?: () => void;
}

/** The scrolling part of a panel: a named region that the keyboard reaches and scrolls. */
export function Body({ label, children, inner, onScroll }: BodyProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section here would repeat the landmark of every section inside
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="body" tabIndex={0} role="region" aria-label={label} ref={inner ?? null} onScroll={onScroll}>
      {children}
    </div>
  );
}
