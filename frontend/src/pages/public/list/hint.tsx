/** Says on the map that it shows a part only, and how to see all again; tells the layer card how much is left. */

import { useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { endpoints } from '../../../core/endpoints';
import { Icon } from '../../../core/icons/Icon';
import { say } from '../../../core/ui/toast';
import { clearFilters } from '../../../core/url';
import { active, asked, catalogue, remaining } from '../store';
import './list.css';
import { activeFilters, activeMonths, unknownFilters } from './naming';
import { loadWords, w } from './words';

/** Rows that are left of each layer that is filtered, asked for once per filter. */
function useRemaining(): void {
  useSignalEffect(() => {
    const stop = new AbortController();
    remaining.value = {};
    for (const { key, geometry } of catalogue.value) {
      const query = asked.value[key] ?? {};
      if (geometry !== 'point' || !Object.keys(query).length) continue;
      endpoints.clusters(key, null, 0, query, stop.signal).then(
        ({ total }) => {
          remaining.value = { ...remaining.peek(), [key]: total };
        },
        () => undefined, // the card goes on showing how many there are in all
      );
    }
    return () => stop.abort();
  });
}

let told = '';

/** A link of another version may ask for what this one does not know: said once, never an error. */
function sayUnknown(): void {
  const unknown = catalogue.value.length ? unknownFilters().join(w.and) : '';
  if (unknown && unknown !== told) say(w.unknown(unknown));
  told = unknown;
}

function Hint() {
  useRemaining();
  useSignalEffect(sayUnknown);
  const on = catalogue.value.filter(({ key }) => active.value.includes(key));
  const told = [activeFilters(on), activeMonths(on)].map((some) => some.map(({ title }) => title).join(w.and));
  const text = told.filter(Boolean).join(w.comma);
  if (!text) return null;
  return (
    <p class="card hint" role="status">
      <span>
        <b>{w.filtering}</b>
        {text}
      </span>
      <button type="button" class="x" aria-label={w.clearFilters} onClick={clearFilters}>
        <Icon name="close" size="xs" />
      </button>
    </p>
  );
}

export async function load(): Promise<ComponentType> {
  await loadWords();
  return Hint;
}
