/** Where in the form somebody is. The step is in the address, so that a phone's Back goes to the step before. */

import { computed, signal } from '@preact/signals';
import { openScreen, screen } from '../../core/url';
import { draft } from './draft';

export type Step = 'where' | 'what' | 'contact' | 'sent';

const ASKED: Record<string, Step> = { what: 'what', contact: 'contact', sent: 'sent' };

/** Nobody gets past a step that is not done, whatever the address says. */
export const step = computed<Step>(() => {
  const asked = ASKED[screen.value] ?? 'where';
  if (asked === 'where' || asked === 'sent') return asked;
  if (!draft.value.spot) return 'where';
  return asked === 'contact' && !draft.value.text.trim() ? 'what' : asked;
});

/** Whether the next step was asked for while something is missing: then the page says what. */
export const pressed = signal(false);

export function goToStep(next: Step): void {
  pressed.value = false;
  openScreen(next === 'where' ? '' : next);
}
