/** Who is sent: a unit, or whom the rules of dispatch say. */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { review } from './api';
import { w } from './words';

const units = signal<{ id: number; name: string }[] | null>(null);

export function Unit({ value, set }: { value: string; set: (unit: string) => void }) {
  useEffect(() => {
    if (units.peek()) return;
    units.value = [];
    review.units().then(
      (found) => {
        units.value = found.units;
      },
      () => {
        units.value = null; // the rules say who goes
      },
    );
  }, []);
  return (
    <label class="lab">
      {w.unit}
      <select class="inp" value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{w.byRules}</option>
        {units.value?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
