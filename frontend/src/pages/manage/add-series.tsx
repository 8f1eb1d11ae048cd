/** The start of a table: which indicator, where, from which month on. */

import { type Signal, useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { type Cell, thisMonth } from './cells';
import { type Option, Options } from './fields';
import { villageOptions } from './project-form';
import type { FormOptions, ProjectDetail } from './types';
import { m } from './words';

/** Places of the project first: most progress is about them. */
function placesOf({ line, villages }: ProjectDetail, options: FormOptions): Option[] {
  const own = new Map(villages.map(({ code, name }) => [code, name]));
  if (line.village) own.set(line.village.code, line.village.name);
  const first = [...own].map(([key, title]) => ({ key, title, group: m.placesOfProject }));
  return [...first, ...villageOptions(options.villages).filter(({ key }) => !own.has(key))];
}

export function AddSeries({
  project,
  options,
  add,
}: {
  project: ProjectDetail;
  options: FormOptions;
  add: (cell: Cell) => void;
}) {
  const id = useId();
  const places = placesOf(project, options);
  const indicator = useSignal('');
  const place = useSignal(project.line.village?.code ?? '');
  const month = useSignal(project.actual_start?.slice(0, 7) ?? thisMonth());
  const bind = (name: string, value: Signal<string>) => ({
    id: `${id}-${name}`,
    class: 'inp',
    value: value.value,
    onInput: (event: { currentTarget: { value: string } }) => {
      value.value = event.currentTarget.value;
    },
  });
  const ready = indicator.value && place.value && /^\d{4}-\d{2}$/.test(month.value);
  const put = () => {
    const known = options.indicators.find(({ key }) => key === indicator.value);
    const where = places.find(({ key }) => key === place.value);
    const title = `${known?.title ?? ''} ${where?.title ?? ''}`;
    const start = { indicator: indicator.value, place: place.value, month: month.value, title };
    add({ ...start, planned: '', actual: '', note: '', note_en: '', version: null });
    indicator.value = '';
  };
  return (
    <fieldset class="group">
      <legend>{m.newSeries}</legend>
      <div class="addseries">
        <label for={`${id}-i`}>
          {m.indicator}
          <select {...bind('i', indicator)}>
            <Options of={options.indicators} empty={m.choosePlease} />
          </select>
        </label>
        <label for={`${id}-p`}>
          {m.place}
          <select {...bind('p', place)}>
            <Options of={places} empty={m.choosePlease} />
          </select>
        </label>
        <label for={`${id}-m`}>
          {m.firstMonth}
          <input type="month" placeholder="2026-06" {...bind('m', month)} />
        </label>
        <button type="button" class="btn" disabled={!ready} onClick={put}>
          {m.addRow}
        </button>
      </div>
    </fieldset>
  );
}
