/** The report that is looked at, and what was done with it. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { loader } from '../../core/load';
import { say } from '../../core/ui/toast';
import { type OwnReport, own } from '../../incidents/own';
import { k } from './words';

/** The tracking code of the address; '' on the page that asks for one. */
export const code = document.getElementById('app')?.dataset.code ?? '';

export const report = loader<OwnReport>((key, abort) => own.read(key, abort));

/** Which act is open: its form stands in the place of the buttons. */
export const acting = signal('');
export const busy = signal(false);
/** What was not accepted, here or by the server, and for which field; '' for none of them. */
export const refused = signal<Refusal | null>(null);

export interface Refusal {
  said: string;
  field: string;
}

/** Sends something and shows the report after it; answers why it was refused. */
async function sent(request: Promise<OwnReport>, done: string): Promise<Refusal | null> {
  busy.value = true;
  try {
    report.give(code, await request);
    say(done);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { said: error.offline ? t.offline : `${error.message} ${error.hint}`.trim(), field: error.field };
  } finally {
    busy.value = false;
  }
}

/** Does what may be done now. */
export async function move(name: string, body: object): Promise<void> {
  refused.value = null;
  refused.value = await sent(own.move(code, name, body), k.done);
  if (!refused.value) acting.value = '';
}

/** Has progress told to an address, or to nobody with ''; answers why not. */
export const tell = (email: string) => sent(own.tell(code, email), email ? k.remindOn : k.remindOff);

/** Signs of a tracking code as people type them: spaces and small letters do not matter, nor I for 1 or O for 0. */
export function normal(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  return /^[0-9A-HJKMNP-TV-Z]{13}$/.test(plain) ? `${plain.slice(0, 4)}-${plain.slice(4, 8)}-${plain.slice(8)}` : '';
}
