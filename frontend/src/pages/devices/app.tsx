/** Devices for staff: the map with its counts, what is wrong now, and one device with what can be done about it. */

import { named } from '../../core/format';
import { Icon, Mark } from '../../core/icons/Icon';
import { statusLook } from '../../core/icons/marks';
import type { Alarm, Device } from '../../core/types';
import { Empty, LoadNote } from '../../core/ui/Notes';
import { Facts } from '../../core/ui/Status';
import { Toast } from '../../core/ui/toast';
import { select } from '../../core/url';
import { DeviceFacts, lookOfAlarm } from '../../devices/facts';
import { LAYER } from '../../devices/values';
import { d, spoken, when } from '../../devices/words';
import { Head } from '../../staff/head';
import { AlarmActs } from './acts';
import { DevicesMap } from './map';
import { begin, isPatrol, PatrolBar } from './patrol';
import { alarms, counts, device, openId, shownStates, toggle } from './store';
import { w } from './words';

const open = (id: number | string) => select({ kind: LAYER, id: String(id) });

/** How many are in each state; pressing one shows those alone. */
function States() {
  return (
    <div class="chips hud" role="toolbar" aria-label={w.states}>
      {Object.entries(d.states)
        .filter(([state]) => counts.value[state])
        .map(([state, title]) => (
          <button
            key={state}
            type="button"
            class="chip"
            aria-pressed={shownStates.value.includes(state)}
            onClick={() => toggle(state)}
          >
            <Mark name={statusLook(state).mark} />
            {title} <b>{counts.value[state]}</b>
          </button>
        ))}
    </div>
  );
}

function Row({ alarm }: { alarm: Alarm }) {
  const { device: id, device_name, village_name, value, unit, since, what, work } = alarm;
  const told = (
    <>
      <Mark name={statusLook(lookOfAlarm(alarm)).mark} />
      <span class="grow">
        <span class="t">{device_name || village_name}</span>
        <span class="d">
          <Facts
            of={[
              what,
              id !== null && value !== null && spoken(value, unit),
              since && d.since(when(since)),
              work?.acknowledged_at && d.acknowledged,
            ]}
          />
        </span>
      </span>
    </>
  );
  return (
    <li>
      {id === null ? (
        <a class="li" href={`/?sel=village:${alarm.village}`}>
          {told}
        </a>
      ) : (
        <button type="button" class="li" onClick={() => open(id)}>
          {told}
          <Icon name="next" size="s" />
        </button>
      )}
    </li>
  );
}

function Now() {
  const load = alarms.state.value;
  return (
    <section id="list" class="col" aria-label={w.list} tabIndex={-1}>
      <div class="colhead">
        <h1>{w.list}</h1>
        <button type="button" class="btn soft sm" onClick={() => void begin()}>
          <Icon name="photo" size="s" />
          {w.patrol}
        </button>
      </div>
      <LoadNote what={w.list} load={load} again={() => void alarms.again()} />
      {load.data && !load.data.alarms.length && <Empty title={w.listNone}>{w.listNoneHint}</Empty>}
      <ul>
        {load.data?.alarms.map((alarm) => (
          <Row key={alarm.id} alarm={alarm} />
        ))}
      </ul>
    </section>
  );
}

function whereOf(one: Device): (string | false)[] {
  const of = one as unknown as Record<string, unknown>;
  const place = named(of, 'village_name') || named(of, 'township_name');
  return [named(of, 'type_title'), place, named(of, 'address'), one.code];
}

function One() {
  const load = device.state.value;
  const found = load.key === openId.value ? load.data : undefined;
  return (
    <section id="list" class="col" tabIndex={-1} aria-label={found ? named({ ...found }, 'name') : w.loading}>
      <div class="colhead">
        <div class="grow">
          <h1>{found ? named({ ...found }, 'name') : w.loading}</h1>
          <p class="mut f13">{found && <Facts of={whereOf(found)} />}</p>
        </div>
        <button type="button" class="x" aria-label={w.close} onClick={() => select(null)}>
          <Icon name="close" />
        </button>
      </div>
      <LoadNote what={w.devices} load={load} again={() => void device.again()} />
      {found && <DeviceFacts device={found} acts={(alarm) => <AlarmActs alarm={alarm} />} />}
    </section>
  );
}

export function App() {
  return (
    <>
      <a class="skip" href="#list">
        {w.skip}
      </a>
      <Head here="devices" words={w} />
      <main id="main" tabIndex={-1}>
        <div class={openId.value ? 'dv open' : 'dv'}>
          <DevicesMap />
          <States />
          {openId.value ? <One /> : <Now />}
          {isPatrol.value && <PatrolBar />}
        </div>
        <Toast />
      </main>
    </>
  );
}
