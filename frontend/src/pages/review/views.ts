/** The views of the review, and which of them is open. */

import { computed } from '@preact/signals';
import { view as asked } from '../../core/url';
import { isKeeper, isReviewer } from './who';

/** What is looked at now, what becomes of points, comparisons of scenes, figures: those that open for the reader. */
export const VIEWS = [...(isReviewer ? [''] : []), 'cases', ...(isKeeper ? ['runs', 'figures'] : [])];

/** What the address asks for that is no view. */
export const strangeView = computed(() => (VIEWS.some((key) => key === asked.value) ? '' : asked.value));

/** The open view; in place of one that there is not, the first. */
export const view = computed(() => (strangeView.value ? '' : asked.value));
