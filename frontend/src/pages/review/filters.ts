/** What of the queue is asked for: the filters of the address, without those that the server cannot read. */

import { computed, signal } from '@preact/signals';
import type { ApiError } from '../../core/api';
import { say } from '../../core/ui/toast';
import { filters, setFilter } from '../../core/url';
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

/** Those of the address that were left out, each in a sentence and with the server's reason. */
export const unread = computed(() =>
  Object.entries(said.value).flatMap((one) => {
    const why = whyNot(one);
    return why === undefined ? [] : [{ text: sentenceOf(...one), why }];
  }),
);

const sentenceOf = (name: string, value: string) =>
  w.unread(`${w.filterNames[name] ?? w.insideOf[name] ?? name} ${value}`);

/** Asks with the filters; where one of them cannot be read, that is said, and the rest is asked with. */
export async function filtered<T>(ask: (by: Record<string, string>) => Promise<T>): Promise<T> {
  for (;;) {
    const by = asked.peek();
    try {
      return await ask(by);
    } catch (error) {
      const { status, field, message } = error as ApiError;
      const value = by[field];
      if (status !== 400 || value === undefined) throw error;
      refused.value = { ...refused.peek(), [keyOf(field, value)]: message };
      say(sentenceOf(field, value));
    }
  }
}

/** Asks for the rows whose `name` is (or is not) `values`; none takes the filter away. */
export function narrow(name: string, values: string[], isNot = false): void {
  setFilter(POINTS, name, values.length ? [(isNot ? '!' : '') + values.join(',')] : []);
}
