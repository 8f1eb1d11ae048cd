/** What is filtered by, in words. */

import { signal } from '@preact/signals';
import { endpoints } from '../../../core/endpoints';
import { named } from '../../../core/format';
import type { LayerInfo } from '../../../core/types';
import { filters, months, setFilter, setMonths, toggled } from '../../../core/url';
import { ruleFor } from '../../../layers/styles';
import { catalogue } from '../store';
import { w } from './words';

/** Names of the county's townships by code, once a filter needs them. */
const names = signal<Record<string, string> | null>(null);
let asking = false;

/** The name of a township; its code until names are here. */
function townshipName(layer: string, code: string): string {
  if (!asking) {
    asking = true;
    endpoints.counts(layer, 'township', {}).then(
      ({ counts }) => {
        names.value = Object.fromEntries(counts.map((each) => [each.code, each.name]));
      },
      () => {
        asking = false; // without network the code stands for the name; the next one asks again
      },
    );
  }
  return names.value?.[code] ?? code;
}

/** What rows call a value of a field that holds keys: `category_title` beside `category`, by layer, field and value. */
const titles = signal<Record<string, string>>({});
const sought = new Set<string>();

/** The title of a key, read from one row that has it; undefined until it is here, and where rows have no title. */
function keyTitle({ key: layer, fields }: LayerInfo, field: string, value: string): string | undefined {
  const beside = [`${field}_title`, `${field}_name`].find((name) => fields.some((each) => each.name === name));
  if (!beside) return undefined;
  const key = `${layer}.${field}:${value}`;
  if (!sought.has(key)) {
    sought.add(key);
    endpoints.features(layer, null, 1, { [field]: value }).then(
      ({ features: [row] }) => {
        const title = row && named(row.properties, beside);
        if (title) titles.value = { ...titles.peek(), [key]: title };
      },
      () => sought.delete(key), // without network the key stands for the title; the next one asks again
    );
  }
  return titles.value[key];
}

function valueName(info: LayerInfo, field: string, value: string): string {
  if (field === info.style_by) return ruleFor(info, value)?.title ?? value;
  if (field === 'township') return townshipName(info.key, value);
  const title = info.fields.find(({ name }) => name === field)?.title ?? field;
  return keyTitle(info, field, value) ?? w.ofField(title, value);
}

export interface Active {
  key: string;
  title: string;
  remove(): void;
}

const known = (info: LayerInfo | undefined, field: string) =>
  info?.fields.some(({ name, filter }) => name === field && filter) ?? false;

/** Filters of `layers` that hold, one entry for each value. */
export function activeFilters(layers: LayerInfo[]): Active[] {
  return layers.flatMap((info) =>
    Object.entries(filters.value[info.key] ?? {})
      .filter(([field]) => known(info, field))
      .flatMap(([field, values]) =>
        values.map((value) => ({
          key: `${info.key}.${field}:${value}`,
          title: valueName(info, field, value),
          remove: () => setFilter(info.key, field, toggled(values, value)),
        })),
      ),
  );
}

/** The months, where one of `layers` has any. */
export function activeMonths(layers: LayerInfo[]): Active[] {
  const now = months.value;
  if (!now || !layers.some(({ time }) => time)) return [];
  return [{ key: 't', title: w.monthsOf(now.from, now.to), remove: () => setMonths(null) }];
}

/** Filters of the address that no layer knows. */
export function unknownFilters(): string[] {
  return Object.entries(filters.value).flatMap(([key, fields]) =>
    Object.keys(fields)
      .filter(
        (field) =>
          !known(
            catalogue.value.find((info) => info.key === key),
            field,
          ),
      )
      .map((field) => `${key}.${field}`),
  );
}
