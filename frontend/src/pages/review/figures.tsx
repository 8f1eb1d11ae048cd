/** How the review does, by the points behind each figure. */

import type { ComponentType } from 'preact';
import { Facts, Status } from '../../core/ui/Status';
import { figuresOf } from '../../staff/figures';
import { openCase } from './cases';
import { lookOf } from './look';
import type { Card } from './types';
import { w } from './words';

let made: ComponentType | undefined;

/** Made once the words are there. */
export function figures(): ComponentType {
  made ??= figuresOf<Card>({
    path: '/api/imagery/statistics',
    groupings: ['township', 'village', 'kind', 'month'],
    columns: [
      ...['found', 'waiting', 'confirmed', 'rejected', 'duplicate', 'working', 'closed'],
      ...['illegal', 'handled_percent'],
    ],
    words: { figures: w.figuresTitle, figuresBy: w.figuresBy, from: w.from, to: w.to, more: w.more },
    line: (point) => (
      <>
        <span class="grow">
          <b>
            {point.number} {point.kind_title}
          </b>
          <span class="d">
            <Facts of={[point.village_name, w.mu(String(point.area_mu))]} />
          </span>
        </span>
        <Status status={lookOf(point.state)} title={point.state_title} />
      </>
    ),
    open: ({ id }) => openCase(id),
  });
  return made;
}
