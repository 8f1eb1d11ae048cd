/** The report that is looked at, and what was done with it. */

import { signal } from '@preact/signals';
import { ApiError } from '../../core/api';
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
/** What the server did not accept. */
export const refused = signal('');

/** Does what may be done now; false, with the reason shown, when it was refused. */
export async function move(name: string, body: object): Promise<boolean> {
  busy.value = true;
  refused.value = '';
  try {
    report.give(code, await own.move(code, name, body));
    acting.value = '';
    say(k.done);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refused.value = `${error.message} ${error.hint}`.trim();
    return false;
  } finally {
    busy.value = false;
  }
}

/** Signs of a tracking code as people type them: spaces and small letters do not matter, nor I for 1 or O for 0. */
export function normal(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  return /^[0-9A-HJKMNP-TV-Z]{13}$/.test(plain) ? `${plain.slice(0, 4)}-${plain.slice(4, 8)}-${plain.slice(8)}` : '';
}
