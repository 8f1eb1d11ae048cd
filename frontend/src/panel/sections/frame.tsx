import type { ComponentChildren } from 'preact';

/** Heading and aside of a section; the heading is what the anchor tabs lead to. */
export function SectionFrame({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <div class="sech">
        <h2>{title}</h2>
        {aside && <span class="mut f13">{aside}</span>}
      </div>
      {children}
    </>
  );
}

export function Nothing({ children }: { children: ComponentChildren }) {
  return <p class="mut f14">{children}</p>;
}
