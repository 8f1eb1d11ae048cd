/** The work order of points, one line of a card, and the way there. */

import { Icon } from '../../core/icons/Icon';
import { Facts } from '../../core/ui/Status';
import type { Order } from './types';
import { w } from './words';

export function OrderLine({ of }: { of: Order }) {
  return (
    <a class="grpl" href={`/console?sel=order:${of.id}`}>
      <Icon name="list" size="s" />
      <span class="grow">
        <Facts of={[w.order(of.id), of.unit?.name, of.state_title]} />
      </span>
      <Icon name="next" size="xs" />
    </a>
  );
}
