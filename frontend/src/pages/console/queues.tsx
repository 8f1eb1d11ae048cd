/** The queues with their counts: a column beside the list, chips above it on phones. */

import { number } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { view } from '../../core/url';
import { showHelp } from './keys';
import { Saved, SavedChips } from './saved';
import { counts, openQueue, QUEUES, type Queue, queue, role } from './store';
import { c } from './words';

const MARK: Record<Queue, string> = {
  new: 'new',
  mine: 'work',
  due: 'soon',
  overdue: 'late',
  returned: 'back',
  review: 'done',
  callback: 'pause',
  all: 'even',
};
/** Queues of work that a role never has. */
const NOT_FOR: Record<string, Queue[]> = {
  handler: ['new', 'callback'],
  grid_manager: ['callback'],
  official: ['new', 'mine', 'callback'],
  village_agent: ['new', 'mine', 'due', 'overdue', 'returned', 'review', 'callback'],
};

export const queuesOf = (): Queue[] => QUEUES.filter((one) => !NOT_FOR[role]?.includes(one));

const countOf = (key: Queue): string => {
  const count = counts.value[key];
  return count === undefined ? '' : number(count);
};

export function QueueColumn() {
  return (
    <nav class="qs" aria-label={c.queues}>
      <h2>{c.queues}</h2>
      <ul>
        {queuesOf().map((key) => (
          <li key={key}>
            <button
              type="button"
              aria-current={!view.value && queue.value === key ? 'page' : undefined}
              onClick={() => openQueue(key)}
            >
              <Mark name={MARK[key]} />
              <span class="grow">{c.queue[key]}</span>
              <b>{countOf(key)}</b>
            </button>
          </li>
        ))}
      </ul>
      <Saved />
      <button type="button" class="keys" onClick={(event) => showHelp(event.currentTarget)}>
        <span>
          <kbd>J</kbd> <kbd>K</kbd> {c.keyMove}
        </span>
        <span>
          <kbd>A</kbd> {c.keyAccept} <kbd>D</kbd> {c.keyAssign}
        </span>
        <span>
          <kbd>?</kbd> {c.keyAll}
        </span>
      </button>
    </nav>
  );
}

export function QueueChips() {
  return (
    <nav class="chips qchips" aria-label={c.queues}>
      {queuesOf().map((key) => (
        <button
          key={key}
          type="button"
          class="chip line"
          aria-current={queue.value === key ? 'page' : undefined}
          onClick={() => openQueue(key)}
        >
          <Mark name={MARK[key]} />
          {c.queue[key]} <b>{countOf(key)}</b>
        </button>
      ))}
      <SavedChips />
    </nav>
  );
}
