/** What of the queue is asked for: the filters of the address, without those that the server cannot read. */

import { computed, signal } from '@preact/signals';
import type { ApiError } from '../../core/api';
import { say } from '../../core/ui/toast';
import { filters, param, setFilter } from '../../core/url';
import { strangeView } from './views';
import { w } from './words';

/** Key of the filters in the address, and of what is selected: `?f=points.kind:!building&sel=points:417`. */
export const POINTS = 'points';

/** All that the address says, by name. */
const said = computed(() =>
  Object.fromEntries(Object.entries(filters.value[POINTS] ?? {}).map(([name, values]) => [name, values.join(',')])),
);
/** As one text: another begins the queue anew. */
export const saidText = computed(() => JSON.stringify(said.value));

/** Why the server could not read a filter, by its name and value. */
const refused = signal<Record<string, string>>({});
const keyOf = (name: string, value: string) => `${name} ${value}`;
const whyNot = ([name, value]: [string, string]) => refused.value[keyOf(name, value)];

/** Filters as the API takes them. */
export const asked = computed(() =>
  Object.fromEntries(Object.entries(said.value).filter((one) => whyNot(one) === undefined)),
);

/** Characters by which a value is known again; an address may hold thousands. */
const BRIEF = 40;
export const brief = (text: string) => (text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text);

/** What of the address is left out, in a sentence and with the server's reason. */
export interface Unread {
  text: string;
  why: string;
}
export const unreadAs = (what: string): Unread => ({ text: w.unread(brief(what)), why: '' });

/** What of the address is no view of this page, and no filter of points. */
export const strange = computed(() => {
  const parts = filters.value && param('f').split(';');
  return [strangeView.value, ...parts.filter((part) => !/^points\.\w+:./.test(part))].filter(Boolean).map(unreadAs);
});

/** All of the address that was left out. */
export const unread = computed(() => [
  ...strange.value,
  ...Object.entries(said.value).flatMap((one) => {
    const why = whyNot(one);
    return why === undefined ? [] : [{ text: sentenceOf(...one), why }];
  }),
]);

const sentenceOf = (name: string, value: string) =>
  w.unread(`${w.filterNames[name] ?? w.insideOf[name] ?? name} ${brief(value)}`);

/** Asks with the filters; where one of them cannot be read, that is said, and the rest is asked with. */
export async function filtered<T>(ask: (by: Record<string, string>) => Promise<T>): Promise<T> {
  for (;;) {
    const by = asked.peek();
    try {
      return await ask(by);
    } catch (error) {
      const { status, field, message } = error as ApiError;
      const name = field?.replace('filter.', ''); // as a body has it
      const value = by[name];
      if (status !== 400 || value === undefined) throw error;
      refused.value = { ...refused.peek(), [keyOf(name, value)]: message };
      say(sentenceOf(name, value));
    }
  }
}

/** Asks for the rows whose `name` is (or is not) `values`; none takes the filter away. */
export function narrow(name: string, values: string[], isNot = false): void {
  setFilter(POINTS, name, values.length ? [(isNot ? '!' : '') + values.join(',')] : []);
}
