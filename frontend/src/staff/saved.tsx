/** Filters that somebody keeps under a name, as a list: pressing one uses it, its cross takes it away. */

import { Icon } from '../core/icons/Icon';

interface Named {
  name: string;
  count?: number | string | null;
}

interface Props<Row extends Named> {
  of: Row[];
  label?: string;
  dropWord: (name: string) => string;
  isOpen: (row: Row) => boolean;
  use: (row: Row) => void;
  drop: (name: string) => void;
}

export function SavedList<Row extends Named>(list: Props<Row>) {
  if (!list.of.length) return null;
  return (
    <ul class="saved" aria-label={list.label}>
      {list.of.map((row) => (
        <li key={row.name}>
          <button type="button" aria-current={list.isOpen(row) ? 'page' : undefined} onClick={() => list.use(row)}>
            <span class="grow">{row.name}</span> {row.count ?? ''}
          </button>
          <button type="button" class="x" aria-label={list.dropWord(row.name)} onClick={() => list.drop(row.name)}>
            <Icon name="close" size="xs" />
          </button>
        </li>
      ))}
    </ul>
  );
}
