/** What a reader can do with the map beyond looking: loaded when it is asked for. */

import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';

export function act(name: 'share' | 'measure' | 'locate' | 'framed', title = ''): void {
  import('./acts')
    .then(async (part) => {
      await part.loadWords();
      return part.acts[name];
    })
    .then(
      (begin) => begin(title),
      () => say(t.offline),
    );
}

export function ShareButton({ compact }: { compact?: boolean }) {
  return (
    <button type="button" class={compact ? 'x' : 'tbtn'} aria-label={t.share} onClick={() => act('share')}>
      <Icon name="share" size="s" />
      {!compact && t.share}
    </button>
  );
}

/** A frame in a page of others has room for the map alone. */
export function MeasureButton({ worded }: { worded?: boolean }) {
  if (boot.embed) return null;
  return (
    <button type="button" class={worded ? 'btn sm' : ''} aria-label={t.measure} onClick={() => act('measure')}>
      <Icon name="ruler" />
      {worded && t.measure}
    </button>
  );
}
