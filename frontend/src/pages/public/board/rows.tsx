/** The rows that a figure is made of, and the way from them to project, village and township. */

import type { BoardReport } from '../../../core/types';
import { useFirst } from '../../../core/ui/first';
import { LoadNote } from '../../../core/ui/Notes';
import { Facts, Status } from '../../../core/ui/Status';
import { select } from '../../../core/url';
import { county } from '../store';
import { monthLong, pct, place, signed } from './data';
import { b } from './words';

const FIRST = 12;

/** Opens the panel of a township or village. */
const openPlacePanel = (code: string) => select({ kind: code.length > 9 ? 'village' : 'township', id: code });

function Report({ row }: { row: BoardReport }) {
  const { project, indicator, place: where } = row;
  return (
    <li class="rep">
      <span class="grow">
        <button type="button" class="link" onClick={() => select({ kind: 'projects', id: String(project.id) })}>
          {project.name}
        </button>
        <span class="d f13 sub">
          <Facts
            of={[
              indicator.title,
              <button type="button" key="place" class="link" onClick={() => openPlacePanel(where.code)}>
                {where.name}
              </button>,
              b.asOf(monthLong(row.month)),
            ]}
          />
        </span>
      </span>
      <span class="bnum">
        <b>{pct(row.actual)}</b>
        <span class="f13 sub">
          {b.plan} {pct(row.planned)}
          <i class="dot" />
          {signed(row.difference)}
        </span>
      </span>
      <Status status={row.status} title={row.status_title} />
    </li>
  );
}

export function RowsOf() {
  const load = place.state.value;
  const { data } = load;
  const [shown, more] = useFirst(data?.rows ?? [], FIRST);
  const isCounty = data?.place.code === county.state.value.data?.code;
  return (
    <div class="made">
      <LoadNote what={data?.place.name ?? b.what} load={load} again={() => void place.again()} />
      {data && (
        <>
          <p class="f13 sub">
            {data.rows.length
              ? b.madeOf(data.place.name, data.month ? monthLong(data.month) : '', String(data.rows.length))
              : b.madeOfNone(data.place.name)}{' '}
            {!isCounty && (
              <button type="button" class="link" onClick={() => openPlacePanel(data.place.code)}>
                {b.open(data.place.name)}
              </button>
            )}
          </p>
          <ul>
            {shown.map((row) => (
              <Report key={`${row.project.id} ${row.indicator.key} ${row.place.code}`} row={row} />
            ))}
          </ul>
          {more}
        </>
      )}
    </div>
  );
}
