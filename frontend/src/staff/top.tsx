/** What the heads of the staff's pages have in common: who is signed in, and the way out. */

import { boot } from '../core/boot';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';

export function Who() {
  const me = boot.me;
  if (!me) return null;
  const where = me.unit || me.jurisdiction.map(({ name }) => name).join('、');
  return (
    <span class="who">
      <Icon name="user" size="s" />
      <span>
        {me.role_title}
        {where && (
          <>
            <i class="dot" />
            {where}
          </>
        )}
      </span>
    </span>
  );
}

/** The page one is on is in sight in a row of pages, however many there are beside it. */
export const intoSight = (nav: HTMLElement | null) =>
  nav?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center' });

export const Demo = () => boot.facts?.is_demo && <span class="demo">{t.demo}</span>;

/** A page that is kept for where there is no network says which token is good now. */
export function SignOut({ title, csrf = boot.csrf }: { title: string; csrf?: string }) {
  return (
    <form method="post" action="/logout" class="signout">
      <input type="hidden" name="csrfmiddlewaretoken" value={csrf} />
      <button type="submit" class="tbtn">
        {title}
      </button>
    </form>
  );
}
