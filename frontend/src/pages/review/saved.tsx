/** Filters that somebody uses often, under a name; kept with the account, as those of the console are. */

import { signal } from '@preact/signals';
import { getJson, send } from '../../core/api';
import { boot } from '../../core/boot';
import { number } from '../../core/format';
import { openFiltered, writtenFilters } from '../../core/url';
import { SavedList } from '../../staff/saved';
import { asked, POINTS } from './filters';
import { act, counts } from './store';
import { w } from './words';

interface SavedFilter {
  name: string;
  queue: string;
  filters: string;
}

/** Under which the account keeps those of the review. */
const QUEUE = 'imagery';
const ADDRESS = '/api/saved-filters/';
const name = signal('');

/** Changes what is kept, one after the other; filters of other pages stay. */
const change = (next: (mine: SavedFilter[]) => SavedFilter[]) =>
  act(async () => {
    const { items } = await getJson<{ items: SavedFilter[] }>(ADDRESS);
    const [mine, others] = [items.filter(({ queue }) => queue === QUEUE), items.filter(({ queue }) => queue !== QUEUE)];
    const asked = next(mine);
    await send('PUT', ADDRESS, { items: [...others, ...asked] }, boot.csrf);
    if (asked.some((one) => one.name === name.peek().trim())) name.value = '';
  });

const written = () => new URLSearchParams(asked.value).toString();

function keep(event: Event): void {
  event.preventDefault();
  const said = name.value.trim();
  if (!said) return;
  void change((mine) => [
    ...mine.filter((other) => other.name !== said),
    { name: said, queue: QUEUE, filters: written() },
  ]);
}

/** One Back undoes it. */
function use(filters: string): void {
  const fields = Object.fromEntries([...new URLSearchParams(filters)].map(([key, value]) => [key, [value]]));
  openFiltered('', writtenFilters({ [POINTS]: fields }));
}

export function Saved() {
  return (
    <SavedList
      of={(counts.state.value.data?.saved ?? []).map((one) => ({
        ...one,
        count: one.count === null ? w.savedLost : number(one.count),
      }))}
      label={w.saved}
      dropWord={w.dropSaved}
      isOpen={(one) => one.filters === written()}
      use={(one) => use(one.filters)}
      drop={(dropped) => void change((mine) => mine.filter((other) => other.name !== dropped))}
    />
  );
}

export function Keep() {
  if (!written()) return null;
  return (
    <form class="narrow" onSubmit={keep}>
      <label class="lab" for="keep">
        {w.keep}
      </label>
      <input
        id="keep"
        class="inp"
        maxLength={30}
        placeholder={w.keepName}
        value={name.value}
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
      <button type="submit" class="btn sm">
        {w.keepIt}
      </button>
    </form>
  );
}
