/** What a difference from the plan means, points; screens choose their own marks and words for it. */

/** Points behind the plan that are still normal; more is late (`projects.states.LATE_POINTS`). */
export const LATE_POINTS = 5;
/** Less than half a point either way is as planned: it would be 0 in whole points. */
export const EVEN_POINTS = 0.5;
