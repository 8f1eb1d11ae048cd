/** Messages to the person: what is unread on top; each opens what it is about. */

import type { ComponentChildren } from 'preact';
import { ApiError } from '../../core/api';
import { number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { Empty } from '../../core/ui/Notes';
import { goToPage } from '../../core/url';
import { inbox } from './api';
import { loadMail, mail, openCase } from './store';
import { momentOf } from './times';
import type { InboxItem } from './types';
import { c } from './words';

/** Opens what a message links to on this page, "/console?sel=case:12"; false: it is elsewhere. */
function openHere(link: string): boolean {
  const [, kind, id] = /[?&]sel=(case|order):(\d+)/.exec(link) ?? [];
  if (kind && id) openCase(Number(id), kind);
  return !link || Boolean(kind);
}

async function read(item: InboxItem): Promise<void> {
  const isHere = openHere(item.link);
  try {
    if (!item.is_read) {
      await inbox.read(item.id);
      await loadMail();
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // it stays unread, and says so
  }
  if (!isHere) goToPage(item.link);
}

export function MailButton({ open, toggle }: { open: boolean; toggle: () => void }) {
  const { unread } = mail.value;
  const said = unread ? c.unread(unread) : c.inbox;
  return (
    <button type="button" class="tbtn mailbtn" aria-label={said} aria-expanded={open} onClick={toggle}>
      <Icon name="bell" size="s" />
      <span class={unread ? 'unread' : ''}>{unread && !wide.value ? number(unread) : said}</span>
    </button>
  );
}

export function Mail({ close, children }: { close: () => void; children?: ComponentChildren }) {
  const { items } = mail.value;
  return (
    <section
      class="mail card"
      aria-label={c.inbox}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <h2>{c.inbox}</h2>
      {items.length === 0 && <Empty title={c.inboxEmpty} />}
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              class={item.is_read ? '' : 'new'}
              onClick={() => {
                void read(item);
                close();
              }}
            >
              <b>{item.subject}</b>
              {!item.is_read && <span class="sr">{c.isUnread}</span>}
              <span class="d">{item.body}</span>
              <span class="d">{momentOf(item.at)}</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
