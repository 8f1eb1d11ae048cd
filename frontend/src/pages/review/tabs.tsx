/** The views of the review, to choose from. */

import { openView } from '../../core/url';
import { VIEWS, view } from './views';
import { w } from './words';

export function Tabs() {
  return (
    <nav class="rtabs" aria-label={w.title}>
      {VIEWS.map((key) => (
        <button
          key={key}
          type="button"
          aria-current={view.value === key ? 'page' : undefined}
          onClick={() => openView(key)}
        >
          {w.views[key]}
        </button>
      ))}
    </nav>
  );
}
