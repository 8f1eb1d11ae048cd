/** Why something was refused: at the field that is to blame, else below what was done. */

import type { ComponentChildren } from 'preact';
import { Mark } from '../../../core/icons/Icon';
import { trouble } from './store';

const saidOf = (of: string, field: string): string => {
  const now = trouble.value;
  return now?.of === of && now.field === field ? now.said : '';
};

interface Props {
  of: string;
  name: string;
  children: ComponentChildren;
}

/** A field with what the server says against it. */
export function Field({ of, name, children }: Props) {
  const said = saidOf(of, name);
  return (
    <div class={said ? 'field bad' : 'field'}>
      {children}
      {said && (
        <p class="error" role="alert">
          {said}
        </p>
      )}
    </div>
  );
}

/** A refusal that none of `fields` is to blame for. */
export function Refused({ of, fields = [] }: { of: string; fields?: string[] }) {
  const now = trouble.value;
  if (now?.of !== of || fields.includes(now.field)) return null;
  return (
    <p class="note late" role="alert">
      <Mark name="late" />
      <span>{now.said}</span>
    </p>
  );
}
