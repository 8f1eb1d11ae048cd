import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Controls that are one tab stop together; arrow keys walk among them (WAI-ARIA Authoring Practices, toolbar). */
export function Toolbar({ label, look, children }: { label: string; look: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const stop = useRef<HTMLElement | undefined>(undefined);
  const controls = () =>
    [...(box.current?.querySelectorAll<HTMLElement>('button,a,input') ?? [])].filter((each) => each.offsetParent);
  const settle = (at = stop.current) => {
    const all = controls();
    stop.current = at && all.includes(at) ? at : all[0];
    for (const each of all) each.tabIndex = each === stop.current ? 0 : -1;
  };
  const walk = (event: KeyboardEvent) => {
    const all = controls();
    const by = STEPS[event.key];
    const next = by && all[(all.indexOf(event.target as HTMLElement) + by + all.length) % all.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  useEffect(() => settle());
  return (
    <div
      class={look}
      role="toolbar"
      aria-label={label}
      ref={box}
      onKeyDown={walk}
      onFocusCapture={(event) => settle(event.target as HTMLElement)}
    >
      {children}
    </div>
  );
}
