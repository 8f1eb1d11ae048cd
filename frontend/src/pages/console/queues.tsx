/** The queues with their counts: a column beside the list, chips above it on phones. */

import { number } from '../../core/format';
import { Mark } from '../../core/icons/Icon';
import { view } from '../../core/url';
import { showKeys } from '../../staff/keys';
import { Saved, SavedChips } from './saved';
import { counts, openQueue, type Queue, queue, queues, queueTitle } from './store';
import { c } from './words';

const MARK: Record<Queue, string> = {
  new: 'new',
  mine: 'work',
  due: 'soon',
  overdue: 'late',
  returned: 'back',
  review: 'done',
  callback: 'pause',
  devices: 'late',
  points: 'work',
  all: 'even',
};

const countOf = (key: Queue): string => {
  const count = counts.value[key];
  return count === undefined ? '' : number(count);
};

export function QueueColumn() {
  return (
    <nav class="qs" aria-label={c.queues}>
      <h2>{c.queues}</h2>
      <ul>
        {queues.map((key) => (
          <li key={key}>
            <button
              type="button"
              aria-current={!view.value && queue.value === key ? 'page' : undefined}
              onClick={() => openQueue(key)}
            >
              <Mark name={MARK[key]} />
              <span class="grow">{queueTitle(key)}</span>
              <b>{countOf(key)}</b>
            </button>
          </li>
        ))}
      </ul>
      <Saved />
      <button type="button" class="keys" onClick={(event) => showKeys(c, event.currentTarget)}>
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
      {queues.map((key) => (
        <button
          key={key}
          type="button"
          class="chip line"
          aria-current={queue.value === key ? 'page' : undefined}
          onClick={() => openQueue(key)}
        >
          <Mark name={MARK[key]} />
          {queueTitle(key)} <b>{countOf(key)}</b>
        </button>
      ))}
      <SavedChips />
    </nav>
  );
}
