/** What a list shows, as a file to carry away. */

import { signal } from '@preact/signals';
import { number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { exportOf } from './api';
import { w } from './words';

/** Formats, with how a Shapefile writes its texts: older programs read GBK only. */
const FORMS: Record<string, Record<string, string>> = {
  gpkg: { format: 'gpkg' },
  gbk: { format: 'shp', encoding: 'GBK' },
  utf8: { format: 'shp', encoding: 'UTF-8' },
  csv: { format: 'csv' },
};
const CRS = ['4490', '4326', 'auto'] as const;
/** Chosen once, it stays for the next file. */
const form = signal('gpkg');
const crs = signal<string>(CRS[0]);

interface Props {
  list: 'queue' | 'points';
  /** Filters as the API takes them. */
  asked: Record<string, string>;
  count: number;
}

export function Export({ list, asked, count }: Props) {
  if (!count) return null;
  return (
    <details class="narrowing exporting">
      <summary>
        <Icon name="dl" size="s" />
        {w.exportAll(number(count))}
      </summary>
      <label class="lab">
        {w.exportForm}
        <select
          class="inp"
          value={form.value}
          onChange={(event) => {
            form.value = event.currentTarget.value;
          }}
        >
          {Object.keys(FORMS).map((key) => (
            <option key={key} value={key}>
              {w.exportForms[key]}
            </option>
          ))}
        </select>
      </label>
      {FORMS[form.value]?.encoding && <p class="f13 sub">{w.exportCut}</p>}
      <label class="lab">
        {w.exportCrs}
        <select
          class="inp"
          value={crs.value}
          onChange={(event) => {
            crs.value = event.currentTarget.value;
          }}
        >
          {CRS.map((key) => (
            <option key={key} value={key}>
              {w.exportCrss[key]}
            </option>
          ))}
        </select>
      </label>
      <a class="btn sm" href={exportOf(list, asked, { ...FORMS[form.value], crs: crs.value })} download>
        {w.download}
      </a>
    </details>
  );
}
