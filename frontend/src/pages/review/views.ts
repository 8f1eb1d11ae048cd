/** The views of the review, and which of them is open. */

import { computed } from '@preact/signals';
import { view as asked } from '../../core/url';

/** What is looked at now, what becomes of points, comparisons of scenes, figures. */
export const VIEWS = ['', 'cases', 'runs', 'figures'] as const;

/** What the address asks for that is no view. */
export const strangeView = computed(() => (VIEWS.some((key) => key === asked.value) ? '' : asked.value));

/** The open view; in place of one that there is not, the first. */
export const view = computed(() => (strangeView.value ? '' : asked.value));
