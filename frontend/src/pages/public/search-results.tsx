/** The list below the search box. Loaded when somebody goes to the box. */

import { distance } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { isIcon } from '../../core/icons/icons';
import type { SearchResult } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import { found } from './search-state';

function kindOf({ kind, key }: SearchResult): string {
  return t.kinds[kind === 'place' ? key : kind] ?? '';
}

const ICON_OF_KIND: Record<string, string> = { place: 'village', project: 'road', facility: 'pin' };

function Option({
  result,
  id,
  active,
  choose,
}: {
  result: SearchResult;
  id: string;
  active: boolean;
  choose: () => void;
}) {
  const icon = isIcon(result.icon) ? result.icon : (ICON_OF_KIND[result.kind] ?? 'pin');
  const away = typeof result.distance_m === 'number' ? distance(result.distance_m) : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox this option belongs to
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox (aria-activedescendant)
    <div
      id={id}
      class="option"
      role="option"
      aria-selected={active}
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <Icon name={icon} size="s" />
      <span class="grow cut">
        <b>{result.title}</b> <span class="mut f13">{result.subtitle}</span>
      </span>
      <span class="mut f13 nw">
        <Facts of={[kindOf(result), away]} />
      </span>
    </div>
  );
}

export function Results({ id, at, choose }: { id: string; at: number; choose: (result: SearchResult) => void }) {
  const { query, heading, results, failed } = found.value;
  if (!query) return null;
  return (
    <div class="card results">
      {heading && <p class="f13 mut">{heading}</p>}
      <div id={id} role="listbox" aria-label={t.search} hidden={!results.length}>
        {results.map((result, index) => (
          <Option
            key={`${result.key}:${result.id}`}
            id={`${id}-${index}`}
            result={result}
            active={index === at}
            choose={() => choose(result)}
          />
        ))}
      </div>
      {!results.length && (
        <p class="none">
          <b>{failed || t.searchNone(query)}</b>
          {!failed && <span class="mut f13">{t.searchNoneHint}</span>}
        </p>
      )}
    </div>
  );
}
