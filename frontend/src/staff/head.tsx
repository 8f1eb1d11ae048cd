/** The head of staff's pages that are a map with a column beside it. */

import type { ComponentChildren } from 'preact';
import { boot } from '../core/boot';
import { t } from '../core/i18n';
import { Brand } from '../core/icons/Icon';
import { wide } from '../core/media';
import { Tools } from '../core/ui/Tools';
import { Demo, intoSight, SignOut, Who } from './top';

export interface HeadWords {
  publicMap: string;
  work: string;
  review: string;
  devices: string;
  figures: string;
  signOut: string;
}

/** `here` is the page that shows it; `children` stand before who is signed in, where there is room. */
export function Head({
  here,
  words,
  children,
}: {
  here: 'devices' | 'review';
  words: HeadWords;
  children?: ComponentChildren;
}) {
  const link = (page: 'devices' | 'review') =>
    boot.me?.may.includes(page) && (
      <a href={`/${page}`} aria-current={page === here ? 'page' : undefined}>
        {words[page]}
      </a>
    );
  return (
    <header class="top">
      <a class="brand" href={`/c/${boot.county}/`} title={words.publicMap}>
        <Brand size={28} />
        <span class={wide.value ? '' : 'sr'}>{t.title(boot.facts?.name ?? '')}</span>
      </a>
      {wide.value && <Demo />}
      <nav aria-label={t.nav} ref={intoSight}>
        <a href="/console">{words.work}</a>
        {link('review')}
        {link('devices')}
        <a href="/console?v=figures">{words.figures}</a>
      </nav>
      <div class="right">
        {wide.value && children}
        {wide.value && <Who />}
        <Tools compact />
        {wide.value && <SignOut title={words.signOut} />}
      </div>
    </header>
  );
}
