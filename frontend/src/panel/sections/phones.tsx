import { dialable } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import type { PhonesBody } from '../../core/types';
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

export function PhonesSection({ section, body }: SectionProps<PhonesBody>) {
  const { supervision, contacts } = body;
  const order = ['village', 'township', 'county'];
  const sorted = [...contacts].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
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
      {sorted.length > 0 && <h3 class="sub3">{p.contacts}</h3>}
      <ul>
        {sorted.map((contact) => (
          <PhoneRow
            key={contact.number + contact.name}
            who={contact.title || contact.name}
            facts={[t.levels[contact.level], contact.duty, contact.hours]}
            phone={contact.number}
          />
        ))}
      </ul>
    </SectionFrame>
  );
}
