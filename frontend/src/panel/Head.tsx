import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../core/icons/Icon';
import { Waiting } from '../core/ui/Notes';
import { say } from '../core/ui/toast';
import { permalink, select } from '../core/url';
import { p } from './words';

async function share(title: string): Promise<void> {
  const url = permalink();
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => undefined); // closed without choosing: nothing to say
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    say(p.copied);
  } catch {
    say(p.copyFailed);
  }
}

/** Name, facts, share and close. Focus comes here when a place is opened by the reader. */
export function PanelHead({ title, focus, children }: { title: string; focus: boolean; children: ComponentChildren }) {
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
      <button type="button" class="x" aria-label={p.share} onClick={() => void share(title)}>
        <Icon name="share" />
      </button>
      <button type="button" class="x" aria-label={p.closeOf(title)} onClick={() => select(null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
