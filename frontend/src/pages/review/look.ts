/** How the state of a point looks: shape first, then words, then colour. */

const LOOKS: Record<string, string> = {
  second_review: 'work',
  disputed: 'late',
  confirmed: 'done',
  rejected: 'cancelled',
  duplicate: 'merged',
  field_check: 'work',
  found_legal: 'done',
  found_illegal: 'late',
  found_no_change: 'cancelled',
  rectifying: 'work',
  verified_closed: 'done',
};

/** Name of the look (`core/icons/marks`). */
export const lookOf = (state: string): string => LOOKS[state] ?? 'planned';
