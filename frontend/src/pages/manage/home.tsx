/** The first screen: who I am here, what I answer for, and what there is to do. */

import { Icon } from '../../core/icons/Icon';
import { wide } from '../../core/media';
import { openScreen } from '../../core/url';
import { SignOut } from '../../staff/top';
import type { Me } from './types';
import { m } from './words';

export interface Entry {
  key: 'projects' | 'facilities' | 'contacts' | 'photos';
  icon: string;
  title: string;
  task: string;
}

export const entries = (): Entry[] => [
  { key: 'projects', icon: 'road', title: m.projects, task: m.projectsTask },
  { key: 'photos', icon: 'photo', title: m.photos, task: m.photosTask },
  { key: 'facilities', icon: 'toilet', title: m.facilities, task: m.facilitiesTask },
  { key: 'contacts', icon: 'phone', title: m.contacts, task: m.contactsTask },
];

export function Home({ me, open }: { me: Me; open: Entry[] }) {
  const areas = me.jurisdiction.map(({ name }) => name);
  const shown = me.role === 'handler' && me.unit ? [m.wholeUnit(me.unit), ...areas] : areas;
  return (
    <section class="home" aria-labelledby="hello">
      <h1 id="hello">{m.greeting(me.name)}</h1>
      <p class="sub">
        {me.role_title}
        {me.unit && (
          <>
            <i class="dot" />
            {me.unit}
          </>
        )}
      </p>
      {shown.length > 0 && (
        <p>
          {m.answerFor} <b>{shown.join('、')}</b>
        </p>
      )}
      {open.length === 0 && <p class="note soon">{m.nothingToKeep}</p>}
      {open.length > 0 && <h2>{m.tasks}</h2>}
      <ul class="tasks">
        {open.map(({ key, icon, title, task }) => (
          <li key={key}>
            <button type="button" onClick={() => openScreen(key)}>
              <i class="tile p">
                <Icon name={icon} />
              </i>
              <span class="grow">
                <span class="t">{title}</span>
                <span class="d">{task}</span>
              </span>
              <Icon name="next" size="s" />
            </button>
          </li>
        ))}
      </ul>
      <div class="account">
        <a class="tbtn" href="/account/password">
          {m.password}
        </a>
        {!wide.value && <SignOut title={m.signOut} />}
      </div>
    </section>
  );
}
