/** The views of the review: what is looked at now, what becomes of points, comparisons of scenes, figures. */

import { openView, view } from '../../core/url';
import { isReviewer } from './store';
import { w } from './words';

export const VIEWS = [...(isReviewer ? [''] : []), 'cases', 'runs', 'figures'] as const;

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
