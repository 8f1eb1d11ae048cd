import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import { Waiting } from '../core/ui/Notes';
import { select } from '../core/url';
import { p } from './words';

interface PanelHeadProps {
  title: string;
  focus: boolean;
  /** Opens what the page offers for sharing; without it there is nothing to share with. */
  share: ((title: string) => void) | undefined;
  children: ComponentChildren;
}

/** Name, facts, share and close. Focus comes here when a place is opened by the reader. */
export function PanelHead({ title, focus, share, children }: PanelHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus && title) heading.current?.focus({ preventScroll: true });
  }, [title, focus]);
  return (
    <div class="phead">
      <div class="grow">
        <h1 ref={heading} tabIndex={-1}>
          {title || <Waiting />}
        </h1>
        <p class="sub f14">{children}</p>
      </div>
      {share && (
        <button type="button" class="x" aria-label={t.share} onClick={() => share(title)}>
          <Icon name="share" />
        </button>
      )}
      <button type="button" class="x" aria-label={p.closeOf(title)} onClick={() => select(null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
