/** Title, month, what it is compared with, indicators, and the four figures of the county. */

import { address } from '../../../core/api';
import { month, number } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon, Mark } from '../../../core/icons/Icon';
import { wide } from '../../../core/media';
import type { Board } from '../../../core/types';
import { Toolbar } from '../../../core/ui/Toolbar';
import { listed, setListed } from '../../../core/url';
import { county } from '../store';
import { choose, chosen, monthLong, pct, query, signed, toggle } from './data';
import { RowsOf } from './rows';
import { b } from './words';

/** A month that nobody offers is offered all the same while the address asks for it. */
const withChosen = (months: string[], now: string) => (now && !months.includes(now) ? [now, ...months] : months);

function Months({ data }: { data: Board }) {
  const now = chosen.value.month || data.month || '';
  const newest = [...data.months].reverse();
  const earlier = newest.filter((each) => each !== now);
  return (
    <>
      <label class="pick">
        <span class="sr">{b.month}</span>
        <select value={now} onChange={(event) => choose('month', event.currentTarget.value)}>
          {withChosen(newest, now).map((each) => (
            <option key={each} value={each}>
              {monthLong(each)}
            </option>
          ))}
        </select>
      </label>
      <label class="pick">
        <span class="sr">{b.compare}</span>
        <select value={chosen.value.against} onChange={(event) => choose('against', event.currentTarget.value)}>
          <option value="">{b.compareNone}</option>
          {withChosen(earlier, chosen.value.against).map((each) => (
            <option key={each} value={each}>
              {b.compareWith(monthLong(each))}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Acts() {
  return (
    <>
      <a class="btn sm" href={address('/api/projects/board.csv', query.value)} download>
        <Icon name="dl" size="s" />
        {b.download}
      </a>
      <button type="button" class="btn sm only-d" onClick={() => print()}>
        <Icon name="print" size="s" />
        {b.print}
      </button>
    </>
  );
}

export function Head({ data }: { data: Board | null }) {
  return (
    <header class="bhead">
      <div class="row btitle">
        <h1 class="grow">{b.title}</h1>
        {!wide.value && county.state.value.data?.is_demo && <span class="demo">{t.demo}</span>}
      </div>
      {data?.month && (
        <>
          <p class="sub f14">
            <b class="nw">{monthLong(data.month)}</b>
            <i class="dot" />
            {b.lead(number(data.rows.length), number(data.total.projects))}
          </p>
          <div class="bacts">
            <Months data={data} />
            <Acts />
          </div>
          <Indicators data={data} />
        </>
      )}
    </header>
  );
}

function Indicators({ data }: { data: Board }) {
  const all = [{ key: '', title: b.all }, ...data.indicators];
  const on = Math.max(
    0,
    all.findIndex(({ key }) => key === listed.ind.value),
  );
  return (
    <Toolbar look="chips" label={b.indicators}>
      {all.map(({ key, title }, index) => (
        <button
          type="button"
          key={key}
          class="chip line"
          aria-pressed={index === on}
          onClick={() => setListed('ind', key)}
        >
          {title}
        </button>
      ))}
    </Toolbar>
  );
}

function toReasons(): void {
  const heading = document.getElementById('reasons');
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

function Watched({ count, title, mark }: { count: number; title: string; mark: string }) {
  return (
    <button type="button" class="k" onClick={toReasons}>
      <b>{number(count)}</b>
      <span>
        <Mark name={mark} />
        {title}
      </span>
    </button>
  );
}

/** The county's figure opens its rows; the counts lead to what they count. */
export function Figures({ data: { total, compare } }: { data: Board }) {
  const code = county.state.value.data?.code ?? '';
  const open = listed.at.value === code;
  return (
    <div class="bfig">
      <div class="kpi">
        <button type="button" class="k" aria-expanded={open} onClick={() => toggle(code)}>
          <b>{total.actual === null ? '–' : pct(total.actual)}</b>
          <span>
            {total.actual === null ? b.noFigure : total.planned === null ? b.countyOnly : b.county(pct(total.planned))}
            {compare && total.change !== null && (
              <>
                <i class="dot" />
                {b.change(month(compare))} {signed(total.change)}
              </>
            )}
          </span>
        </button>
        <Watched count={total.late} title={t.late} mark="late" />
        <Watched count={total.stopped} title={t.stopped} mark="pause" />
        <Watched count={total.backward} title={t.backward} mark="down" />
      </div>
      {open && <RowsOf />}
    </div>
  );
}
