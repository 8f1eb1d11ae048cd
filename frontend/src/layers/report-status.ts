/** How a report's status looks on maps, in lists and on its own page: shape first, then words, then colour. */

const LOOKS: Record<string, string> = {
  submitted: 'planned',
  need_info: 'stopped',
  accepted: 'work',
  assigned: 'work',
  in_progress: 'work',
  review: 'work',
  waiting: 'stopped',
  forwarded: 'stopped',
  returned: 'back',
  answered: 'done',
  closed: 'done',
  merged: 'merged',
  rejected: 'cancelled',
  withdrawn: 'cancelled',
};

/** A status that may still be late. */
const OPEN = ['accepted', 'assigned', 'in_progress', 'review', 'returned', 'forwarded'];

/** Name of the look (`core/icons/marks`); an open report that is late looks late, whatever it is doing. */
export function lookOf(status: string, isOverdue = false): string {
  return isOverdue && OPEN.includes(status) ? 'late' : (LOOKS[status] ?? 'merged');
}
