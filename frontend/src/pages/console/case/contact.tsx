/** How to reach the reporter: behind a button, for every reading is recorded. */

import { useSignal } from '@preact/signals';
import { ApiError } from '../../../core/api';
import { dialable } from '../../../core/format';
import { Icon } from '../../../core/icons/Icon';
import { Facts } from '../../../core/ui/Status';
import { say } from '../../../core/ui/toast';
import { desk } from '../api';
import { role } from '../store';
import type { Report } from '../types';
import { c } from '../words';

const READERS = ['desk', 'grid_manager', 'handler', 'supervisor'];

export function Contact({ report }: { report: Report }) {
  const told = useSignal<{ name: string; phone: string; email: string } | null>(null);
  if (report.confidence === 'anonymous' || !READERS.includes(role)) return null;
  const look = async () => {
    try {
      told.value = await desk.contact(report.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.message);
    }
  };
  const { name = '', phone = '', email = '' } = told.value ?? {};
  return (
    <section class="contact" aria-label={c.contact}>
      {told.value ? (
        <p class="row wrap">
          {name || phone || email ? <Facts of={[name, email]} /> : c.noContact}
          {phone && (
            <a class="btn soft sm" href={`tel:${dialable(phone)}`}>
              <Icon name="phone" size="s" />
              {phone}
            </a>
          )}
        </p>
      ) : (
        <>
          <button type="button" class="btn sm" onClick={() => void look()}>
            <Icon name="user" size="s" />
            {c.showContact}
          </button>
          <span class="hint">{c.contactRecorded}</span>
        </>
      )}
    </section>
  );
}
