/** Chosen points become one project, or join the one that some of them are in. */

import { useSignal } from '@preact/signals';
import { putTogether } from './groups';
import { chosen, isBusy, shownRows } from './store';
import { w } from './words';

export function Together() {
  const typed = useSignal<string | null>(null);
  const rows = shownRows.value.filter(({ id }) => chosen.value.has(id));
  const titles = new Map(rows.flatMap(({ group, group_title }) => (group ? [[group, group_title] as const] : [])));
  const free = rows.filter(({ group }) => !group).map(({ id }) => id);
  const [joined, ...more] = titles;
  const [first] = rows;
  if (!first || (rows.length < 2 && !joined)) return null;
  if (more.length) return <p class="f14 sub together">{w.manyGroups(titles.size)}</p>;
  if (joined && !free.length) return <p class="f14 sub together">{w.inGroup(joined[1])}</p>;
  const title = typed.value ?? [first.village_name, first.kind_title].filter(Boolean).join(' ');
  return (
    <form
      class="together lab"
      onSubmit={(event) => {
        event.preventDefault();
        void putTogether(free, joined?.[1] ?? title.trim(), joined?.[0] ?? null);
      }}
    >
      <h3>{w.together}</h3>
      {!joined && (
        <label class="lab">
          {w.groupTitle}
          <input
            class="inp"
            maxLength={80}
            value={title}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <button type="submit" class="btn" disabled={isBusy.value || !(joined || title.trim())}>
        {joined ? w.joinGroup(joined[1], free.length) : w.makeGroup(free.length)}
      </button>
    </form>
  );
}
