/** How units and places do, by the orders behind each figure. */

import { Facts, Status } from '../../core/ui/Status';
import { lookOf } from '../../layers/report-status';
import { figuresOf } from '../../staff/figures';
import { openCase } from './store';
import { momentOf } from './times';
import type { OrderRow } from './types';
import { c } from './words';

/** Made once the words are there. */
export const statistics = () =>
  figuresOf<OrderRow>({
    path: '/api/orders/statistics',
    groupings: ['unit', 'township', 'village', 'category', 'month'],
    columns: [
      ...['total', 'on_time', 'late', 'pending', 'on_time_percent', 'first_reply_days', 'first_reply_percent'],
      ...['reopened', 'reopened_percent', 'returned', 'satisfied_percent'],
    ],
    words: c,
    line: (row) => (
      <>
        <span class="grow">
          <b>{row.title}</b>
          <span class="d">
            <Facts of={[row.village?.name, row.unit?.name, momentOf(row.due_at)]} />
          </span>
        </span>
        <Status status={lookOf(row.state === 'done' ? 'answered' : row.state)} title={row.state_title} />
      </>
    ),
    open({ source, source_id, id }) {
      if (source === 'incidents') openCase(Number(source_id));
      else openCase(id, 'order');
    },
  });
