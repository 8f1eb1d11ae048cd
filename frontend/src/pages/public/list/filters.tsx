/** What the list is narrowed by: status or kind, township, months; each as it stands in the address. */

import { month, number } from '../../../core/format';
import { Icon, Mark } from '../../../core/icons/Icon';
import { statusLook } from '../../../core/icons/marks';
import type { LayerInfo, LegendRule } from '../../../core/types';
import { Toolbar } from '../../../core/ui/Toolbar';
import {
  clearFilters,
  filters,
  type Months,
  months,
  setFilter,
  setListed,
  setMonths,
  toggled,
} from '../../../core/url';
import { pointStyle } from '../../../layers/styles';
import { choices, states, townships } from './asking';
import { type Active, activeFilters, activeMonths } from './naming';
import { w } from './words';

export function LayerChoice({ info }: { info: LayerInfo }) {
  if (choices.value.length < 2) return null;
  return (
    <fieldset class="seg">
      <legend class="sr">{w.layer}</legend>
      {choices.value.map(({ key, title }) => (
        <label key={key}>
          <input type="radio" name="of" checked={key === info.key} onChange={() => setListed('of', key)} />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}

function StateChip({ info, rule, on }: { info: LayerInfo; rule: LegendRule; on: string[] }) {
  const status = pointStyle(info.key).status(rule.when);
  const pressed = on.includes(rule.when);
  const count = states.state.value.data?.[rule.when];
  return (
    <button
      type="button"
      class="chip line"
      aria-pressed={pressed}
      onClick={() => setFilter(info.key, info.style_by ?? '', toggled(on, rule.when))}
    >
      {status ? <Mark name={statusLook(status).mark} /> : <Icon name={rule.icon} size="xs" />}
      {rule.title}
      {count !== undefined && <span class="n">{number(count)}</span>}
      {pressed && <Icon name="close" size="xs" />}
    </button>
  );
}

/** One tab stop: arrow keys go from chip to chip. Lines without a row are left out unless they are pressed. */
export function StateChips({ info }: { info: LayerInfo }) {
  const field = info.style_by;
  if (!field || !info.fields.some(({ name, filter }) => name === field && filter)) return null;
  const on = filters.value[info.key]?.[field] ?? [];
  const by = states.state.value.data;
  const shown = info.legend.filter(({ when }) => !by || by[when] || on.includes(when));
  return (
    <Toolbar look="chips wrapped" label={w.states(info.title)}>
      {shown.map((rule) => (
        <StateChip key={rule.when} info={info} rule={rule} on={on} />
      ))}
    </Toolbar>
  );
}

function TownshipChoice({ info }: { info: LayerInfo }) {
  if (!info.fields.some(({ name, filter }) => name === 'township' && filter)) return null;
  const [now = '', ...more] = filters.value[info.key]?.township ?? [];
  const counts = townships.state.value.data ?? [];
  return (
    <label class="pick">
      <span>{w.township}</span>
      <select
        value={more.length ? '' : now}
        onChange={({ currentTarget: { value } }) => setFilter(info.key, 'township', value ? [value] : [])}
      >
        <option value="">{w.everyTownship}</option>
        {now && !counts.some(({ code }) => code === now) && <option value={now}>{now}</option>}
        {counts.map(({ code, name, count }) => (
          <option key={code} value={code}>
            {name} {number(count)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Months from `from` to `to`, both included, newest first. */
function monthsBetween(from: string, to: string): string[] {
  const all: string[] = [];
  const [year = 0, first = 1] = from.split('-').map(Number);
  for (let index = year * 12 + first - 1; ; index++) {
    const name = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
    if (name > to || all.length > 600) return all.reverse();
    all.push(name);
  }
}

function MonthSelect({
  label,
  value,
  all,
  choose,
}: {
  label: string;
  value: string;
  all: string[];
  choose(value: string): void;
}) {
  return (
    <label class="pick">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{w.anyMonth}</option>
        {value && !all.includes(value) && <option value={value}>{month(value, true)}</option>}
        {all.map((each) => (
          <option key={each} value={each}>
            {month(each, true)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Both ends, native and keyed; an end that would pass the other takes it along. */
function MonthRange({ info }: { info: LayerInfo }) {
  const { from: first, to: last } = info.time ?? {};
  if (!first || !last) return months.value ? <p class="mut f13">{w.timeless(info.title)}</p> : null;
  const now = months.value;
  const all = monthsBetween(first, last);
  const put = (next: Months) => setMonths(next.from === first && next.to === last ? null : next);
  return (
    <fieldset class="range">
      <legend class="sr">{w.months}</legend>
      <MonthSelect
        label={w.from}
        value={now?.from ?? ''}
        all={all}
        choose={(value) => {
          const from = value || first;
          const to = now?.to ?? last;
          put({ from, to: to < from ? from : to });
        }}
      />
      <MonthSelect
        label={w.to}
        value={now?.to ?? ''}
        all={all}
        choose={(value) => {
          const to = value || last;
          const from = now?.from ?? first;
          put({ from: from > to ? to : from, to });
        }}
      />
    </fieldset>
  );
}

export function Removable({ what }: { what: Active }) {
  return (
    <button type="button" class="chip gone" aria-label={w.takeAway(what.title)} onClick={what.remove}>
      {what.title}
      <Icon name="close" size="xs" />
    </button>
  );
}

/** Filters of the list's layer that have no pressed chip above, and the way out of all of them. */
function InForce({ info }: { info: LayerInfo }) {
  const all = [...activeFilters([info]), ...activeMonths([info])];
  const chips = all.filter(({ key }) => !key.startsWith(`${info.key}.${info.style_by}:`));
  if (!all.length) return null;
  return (
    <div class="inforce">
      {chips.map((what) => (
        <Removable key={what.key} what={what} />
      ))}
      <button type="button" class="link f14" onClick={clearFilters}>
        {w.clear}
      </button>
    </div>
  );
}

export function Filters({ info }: { info: LayerInfo }) {
  return (
    <>
      <StateChips info={info} />
      {/* Closed at first: the rows come first, on the screen and by key. */}
      <details class="more">
        <summary>{w.more}</summary>
        <div class="picks">
          <TownshipChoice info={info} />
          <MonthRange info={info} />
        </div>
      </details>
      <InForce info={info} />
    </>
  );
}
