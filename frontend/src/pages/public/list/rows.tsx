/** The rows: one tab stop, worked by arrow keys; a row under mouse or focus is marked on the map. */

import { useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { distance, named, number, percent } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import type { Feature, LayerInfo, Properties } from '../../../core/types';
import { Facts, Status } from '../../../core/ui/Status';
import { select, selection } from '../../../core/url';
import { idOf, nameOf, pointStyle, ruleFor } from '../../../layers/styles';
import { spot, spotOf } from '../selected';
import { pointed } from '../store';
import { away, looksAs, sort } from './order';
import { w } from './words';

/** Row that was opened, and how far the list was scrolled: where Back returns to. */
let left: { id: string; top: number } | null = null;

const numeric = (value: unknown) => (typeof value === 'number' ? value : null);

function place(properties: Properties): string {
  const parts = [named(properties, 'township_name'), named(properties, 'village_name')].filter(Boolean);
  return 'township_name_en' in properties && /[a-z]/i.test(parts[0] ?? '')
    ? parts.reverse().join(', ')
    : parts.join('');
}

function progress({ actual, planned }: Properties): string {
  const [is, should] = [numeric(actual), numeric(planned)];
  if (is === null) return '';
  const told = percent(Math.round(is));
  return should === null ? t.actualOnly(told) : t.actualPlanned(told, percent(Math.round(should)));
}

/** Status of a row in words: the legend's, with how far behind; or that a facility is not open. */
function State({ info, row }: { info: LayerInfo; row: Feature }) {
  const value = looksAs(info, row);
  const status = pointStyle(info.key).status(value, row.properties);
  const { actual, planned, status: other } = row.properties;
  if (!status) {
    const closed = w.closed[String(other)];
    return closed ? <Status status="cancelled" title={closed} /> : null;
  }
  const [is, should] = [numeric(actual), numeric(planned)];
  const behind = status === 'late' && is !== null && should !== null ? Math.round(should - is) : 0;
  return (
    <Status
      status={status}
      title={ruleFor(info, value)?.title ?? value}
      detail={behind > 0 ? t.points(number(behind)) : undefined}
    />
  );
}

function Row({ info, row, first }: { info: LayerInfo; row: Feature; first: boolean }) {
  const { properties } = row;
  const id = idOf(row);
  const style = pointStyle(info.key);
  const rated = style.status(looksAs(info, row)) !== null;
  const point = (on: boolean) => {
    if (!selection.peek()) spot.value = on ? spotOf(info.key, row) : null;
  };
  return (
    <li>
      <button
        type="button"
        class="li"
        id={`row-${id}`}
        tabIndex={first ? 0 : -1}
        onClick={(event) => {
          left = { id, top: event.currentTarget.closest('.pane')?.scrollTop ?? 0 };
          select({ kind: info.key, id });
        }}
        onFocus={() => point(true)}
        onBlur={() => point(false)}
        onMouseEnter={() => point(true)}
        onMouseLeave={() => point(false)}
      >
        <span class={rated ? 'tile p' : 'tile'}>
          <Icon name={style.icon(properties, ruleFor(info, looksAs(info, row)))} />
        </span>
        <span class="grow">
          <span class="t">{nameOf(properties)}</span>
          <span class="d">
            <Facts
              of={[
                place(properties),
                progress(properties),
                !rated && named(properties, 'hours'),
                sort.value === 'near' && distance(away(row)),
              ]}
            />
          </span>
          <span class="d foot">
            <State info={info} row={row} />
            {rated && <span>{named(properties, 'owner_unit')}</span>}
          </span>
        </span>
        <Icon name="next" size="s" />
      </button>
    </li>
  );
}

const buttons = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>('button.li')];

/** One row at a time is a tab stop: the last one that had the focus. */
function stop(list: HTMLElement, row: HTMLElement): void {
  for (const each of buttons(list)) each.tabIndex = each === row ? 0 : -1;
}

function keys(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const all = buttons(event.currentTarget);
  const at = all.indexOf(event.target as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Back from a row: the list stands where it stood, and the row has the focus. */
function comeBack(list: HTMLElement | null): void {
  const row = left && list?.querySelector<HTMLElement>(`#row-${CSS.escape(left.id)}`);
  if (!left || !row) return;
  const pane = row.closest('.pane');
  if (pane) pane.scrollTop = left.top;
  row.focus({ preventScroll: true });
  left = null;
}

export function RowList({ info, rows }: { info: LayerInfo; rows: Feature[] }) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => comeBack(list.current), []);
  useSignalEffect(() => {
    const at = pointed.value;
    for (const each of list.current ? buttons(list.current) : []) {
      const on = at?.layer === info.key && each.id === `row-${at.id}`;
      each.classList.toggle('on', on);
      if (on) each.scrollIntoView({ block: 'nearest' });
    }
  });
  return (
    <ul
      class="rows"
      ref={list}
      aria-label={w.rowsOf(info.title)}
      onKeyDown={keys}
      onFocusIn={(event) => {
        const row = (event.target as HTMLElement).closest<HTMLElement>('button.li');
        if (row) stop(event.currentTarget, row);
      }}
    >
      {rows.map((row, index) => (
        <Row key={row.id} info={info} row={row} first={index === 0} />
      ))}
    </ul>
  );
}
