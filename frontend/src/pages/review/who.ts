/** Who looks at the page: what others read, decide and count is not asked for. */

import { boot } from '../../core/boot';

const role = boot.me?.role;
/** Who looks at scenes; all others of this page decide and read. */
export const isReviewer = role === 'official';
/** Who sees all points of the own places, their groups, runs and figures; all others read those of their orders. */
export const isKeeper = isReviewer || role === 'supervisor';
