import { dialable } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { Contact, PhonesBody } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import type { SectionProps } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

/** Who, duty, hours; the number is readable in the button. The right number is solid, the others are soft. */
export function PhoneRow({
  who,
  facts,
  phone,
  right,
}: {
  who: string;
  facts: (string | undefined)[];
  phone: string;
  right?: boolean;
}) {
  return (
    <li class="phone">
      <div class="grow">
        <div class="t">{who}</div>
        <div class="d">
          <Facts of={facts} />
        </div>
      </div>
      <a class={right ? 'call pri' : 'call'} href={`tel:${dialable(phone)}`} aria-label={p.callTo(who, phone)}>
        <Icon name="phone" size="s" />
        {phone}
      </a>
    </li>
  );
}

const LEVELS: Contact['level'][] = ['village', 'township', 'county'];

/** The contacts of one level, the nearest level first. */
function Level({ contacts, level, right }: { contacts: Contact[]; level: Contact['level']; right: boolean }) {
  if (!contacts.length) return null;
  return (
    <>
      <h4 class="f13 sub">{t.levels[level]}</h4>
      <ul>
        {contacts.map(({ title, name, number, duty, hours }, index) => (
          <PhoneRow
            key={number + name + title}
            who={title || name}
            facts={[duty, hours]}
            phone={number}
            right={right && !index}
          />
        ))}
      </ul>
    </>
  );
}

export function PhonesSection({ section, body }: SectionProps<PhonesBody>) {
  const { supervision, contacts } = body;
  const levels = LEVELS.map((level) => ({ level, contacts: contacts.filter((one) => one.level === level) }));
  const nearest = supervision.length ? undefined : levels.find((level) => level.contacts.length)?.level;
  return (
    <SectionFrame title={section.title}>
      {!supervision.length && !contacts.length && <Nothing>{p.phonesNone}</Nothing>}
      <ul>
        {supervision.map((phone, index) => (
          <PhoneRow
            key={phone.number + phone.title}
            who={phone.title}
            facts={[phone.duty, phone.hours]}
            phone={phone.number}
            right={index === 0}
          />
        ))}
      </ul>
      {contacts.length > 0 && <h3 class="sub3">{p.contacts}</h3>}
      {levels.map((one) => (
        <Level key={one.level} {...one} right={one.level === nearest} />
      ))}
    </SectionFrame>
  );
}
