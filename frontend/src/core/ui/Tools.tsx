/** Large type, dark, language: the same three tools on every page, as words on wide pages and icons on phones. */

import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { Icon } from '../icons/Icon';
import { dark, large, toggleDark, toggleLarge } from '../prefs';
import { addressWith } from '../url';
import { Toolbar } from './Toolbar';

/** The language is loaded with the page, so it is a link; its address is made when it is followed. */
function LanguageLink({ compact }: { compact: boolean }) {
  const refresh = (link: HTMLAnchorElement) => {
    link.href = addressWith('lang', t.otherLanguageCode);
  };
  return (
    <a
      class={compact ? 'x' : 'tbtn'}
      href={addressWith('lang', t.otherLanguageCode)}
      hreflang={t.otherLanguageCode}
      lang={t.otherLanguageCode}
      onPointerDown={(event) => refresh(event.currentTarget)}
      onFocus={(event) => refresh(event.currentTarget)}
    >
      {compact && t.otherLanguageCode === 'en' ? 'EN' : compact ? '中' : t.otherLanguage}
    </a>
  );
}

export function Tools({ compact = false, children }: { compact?: boolean; children?: ComponentChildren }) {
  const kind = compact ? 'x' : 'tbtn';
  const sizeWord = large.value ? t.normal : t.large;
  const themeWord = dark.value ? t.light : t.dark;
  return (
    <Toolbar look="tools" label={t.display}>
      <button type="button" class={kind} aria-label={sizeWord} onClick={toggleLarge}>
        <Icon name="type" size="s" />
        {!compact && sizeWord}
      </button>
      <button type="button" class={kind} aria-label={themeWord} onClick={toggleDark}>
        <Icon name={dark.value ? 'sun' : 'moon'} size="s" />
        {!compact && themeWord}
      </button>
      <LanguageLink compact={compact} />
      {children}
    </Toolbar>
  );
}
