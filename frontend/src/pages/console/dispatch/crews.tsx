/** Crews: what they can do, when they are on shift, what they have to do now, and where they stand. */

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { boot } from '../../../core/boot';
import { dialable } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Status } from '../../../core/ui/Status';
import { PlaceSearch } from '../places';
import type { LonLat } from '../types';
import { c } from '../words';
import { Field, Refused } from './refused';
import { busy, type Crew, changeCrew, crewKey, editing } from './store';
import { d } from './words';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
/** Near enough to see the houses around. */
const ZOOM = 16;

function Now({ crew }: { crew: Crew }) {
  if (!crew.is_active) return <Status status="pause" title={d.unused} />;
  if (!crew.is_on_shift) return <Status status="pause" title={d.offShift} />;
  return crew.is_free ? <Status status="done" title={d.free} /> : <Status status="work" title={d.busy} />;
}

function shiftOf({ weekdays, shift_start, shift_end }: Crew): string {
  const days = weekdays.length === WEEK.length ? d.everyDay : weekdays.map((day) => d.days[day - 1]).join(c.and);
  const hours = shift_start === shift_end ? d.roundTheClock : d.until(shift_start, shift_end, shift_end < shift_start);
  return `${days} ${hours}`;
}

function Facts({ crew }: { crew: Crew }) {
  const [lon, lat] = crew.lonlat;
  return (
    <dl class="facts">
      <div>
        <dt>{d.skills}</dt>
        <dd>{crew.skills.map(({ title }) => title).join(c.and)}</dd>
      </div>
      <div>
        <dt>{d.shift}</dt>
        <dd>{shiftOf(crew)}</dd>
      </div>
      <div>
        <dt>{d.load}</dt>
        <dd>{d.loadOf(crew.orders, crew.capacity)}</dd>
      </div>
      {crew.phone && (
        <div>
          <dt>{d.phone}</dt>
          <dd>
            <a href={`tel:${dialable(crew.phone)}`}>{crew.phone}</a>
          </dd>
        </div>
      )}
      <div>
        <dt>{d.stands}</dt>
        <dd>
          <a href={`/c/${boot.county}/#${ZOOM}/${lat}/${lon}`}>
            {d.onMap}
            <span class="sr">{d.ofCrew(crew.name)}</span>
          </a>
        </dd>
      </div>
    </dl>
  );
}

function Hour({ label, value, put }: { label: string; value: string; put: (value: string) => void }) {
  const id = useId();
  return (
    <div class="grow">
      <label class="lab" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="time"
        class="inp"
        required
        value={value}
        onInput={({ currentTarget }) => put(currentTarget.value)}
      />
    </div>
  );
}

function CrewForm({ crew }: { crew: Crew }) {
  const { weekdays, shift_start, shift_end, lonlat } = crew;
  const draft = useSignal({ weekdays, shift_start, shift_end, lonlat });
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const put = (change: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...change };
  };
  const of = crewKey(crew.id);
  const [lon, lat] = draft.value.lonlat;
  const tick = (day: number, on: boolean) =>
    put({ weekdays: WEEK.filter((one) => (one === day ? on : draft.value.weekdays.includes(one))) });
  return (
    <form
      class="moveform"
      ref={form}
      aria-label={d.of(d.change, crew.name)}
      onSubmit={(event) => {
        event.preventDefault();
        void changeCrew(crew, draft.value);
      }}
    >
      <Field of={of} name="weekdays">
        <fieldset class="checks">
          <legend class="lab">{d.weekdays}</legend>
          <div class="wrapped">
            {WEEK.map((day) => (
              <label class="check" key={day}>
                <input
                  type="checkbox"
                  checked={draft.value.weekdays.includes(day)}
                  onChange={({ currentTarget: { checked } }) => tick(day, checked)}
                />
                {d.days[day - 1]}
              </label>
            ))}
          </div>
        </fieldset>
      </Field>
      <Field of={of} name="shift_end">
        <div class="row">
          <Hour label={d.starts} value={draft.value.shift_start} put={(value) => put({ shift_start: value })} />
          <Hour label={d.ends} value={draft.value.shift_end} put={(value) => put({ shift_end: value })} />
        </div>
        <p class="hint">{d.endsHint}</p>
      </Field>
      <Field of={of} name="lonlat">
        <PlaceSearch
          label={d.moveTo}
          hint={d.standsNow(lon.toFixed(4), lat.toFixed(4))}
          pick={(at) => at.lon !== null && at.lat !== null && put({ lonlat: [at.lon, at.lat] as LonLat })}
        />
      </Field>
      <Refused of={of} fields={['weekdays', 'shift_end', 'lonlat']} />
      <div class="dta">
        <button type="submit" class="btn pri grow" disabled={busy.value !== ''}>
          {busy.value === `save ${of}` ? c.doing : d.save}
        </button>
        <button
          type="button"
          class="btn"
          onClick={() => {
            editing.value = '';
          }}
        >
          {t.close}
        </button>
      </div>
    </form>
  );
}

export function CrewCard({ crew }: { crew: Crew }) {
  const of = crewKey(crew.id);
  return (
    <li class="card crew">
      <div class="row">
        <div class="grow">
          <h3>{crew.name}</h3>
          <p class="sub f13">{crew.unit.name}</p>
        </div>
        <Now crew={crew} />
      </div>
      <Facts crew={crew} />
      {crew.may_change && editing.value !== of && (
        <button
          type="button"
          class="btn sm"
          aria-label={d.of(d.change, crew.name)}
          onClick={() => {
            editing.value = of;
          }}
        >
          {d.change}
        </button>
      )}
      {editing.value === of && <CrewForm crew={crew} />}
    </li>
  );
}
