/** Which kind of matter: what the text proposes, and all kinds to choose from. */

import { useSignal } from '@preact/signals';
import { Icon } from '../../core/icons/Icon';
import { categories, leaves, pathOf, proposals, tree } from './categories';
import { draft, edit } from './draft';
import { r } from './words';

/** What the text proposes, and what was chosen, each once. */
function offered(): { code: string; title: string }[] {
  const { category, others } = proposals.value ?? { category: null, others: [] };
  const own = leaves.value.find(({ code }) => code === draft.value.category);
  const all = [...(category ? [category] : []), ...others, ...(own ? [own] : [])];
  const known = new Map(all.map(({ code, title }) => [code, title]));
  return [...known].map(([code, title]) => ({ code, title }));
}

function choose(code: string): void {
  edit({ category: draft.value.category === code ? '' : code, chosen: true, attributes: {} });
}

function Chip({ code, title }: { code: string; title: string }) {
  const isOn = draft.value.category === code;
  return (
    <button type="button" class="chip line" aria-pressed={isOn} onClick={() => choose(code)}>
      {isOn && <Icon name="check" size="xs" />}
      {title}
    </button>
  );
}

/** The kinds between the top and the leaf, as its second line. */
const under = (code: string) =>
  pathOf(code)
    .slice(1, -1)
    .map(({ title }) => title)
    .join(' › ');

function Tree({ close }: { close: () => void }) {
  const open = pathOf(draft.value.category)[0]?.code;
  return (
    <div class="tree">
      {tree.value.map(({ top, leaves: below }) => (
        <details key={top.code} open={top.code === open}>
          <summary>
            <span class="grow">{top.title}</span>
            <Icon name="down" size="s" />
          </summary>
          <ul>
            {below.map(({ code, title }) => (
              <li key={code}>
                <button
                  type="button"
                  aria-pressed={draft.value.category === code}
                  onClick={() => {
                    if (draft.value.category !== code) choose(code);
                    close();
                  }}
                >
                  {title}
                  {under(code) && <span class="d">{under(code)}</span>}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

export function CategoryField() {
  const open = useSignal(false);
  if (!categories.value.length) return null;
  const some = offered();
  const toggle = () => {
    open.value = !open.value;
  };
  return (
    <fieldset class="field">
      <legend class="lab">
        {r.category} <span class="hint">{some.length ? r.categoryHint : r.categoryNone}</span>
      </legend>
      <div class="wrapped" aria-live="polite">
        {some.map((one) => (
          <Chip key={one.code} {...one} />
        ))}
        <button type="button" class="chip line" aria-expanded={open.value} onClick={toggle}>
          {some.length ? r.categoryOther : r.categoryChoose}
          <Icon name="down" size="xs" />
        </button>
      </div>
      {open.value && <Tree close={toggle} />}
      {proposals.value?.is_urgent && (
        <p class="note late" role="status">
          <Icon name="alert" size="s" />
          {r.urgent}
        </p>
      )}
    </fieldset>
  );
}
