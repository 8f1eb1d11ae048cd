/** What staff do about an alarm: see to it, or leave it for a while with a reason. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ApiError, send } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import type { Alarm } from '../../core/types';
import { say } from '../../core/ui/toast';
import { alarms, device } from './store';
import { w } from './words';

const HOUR_MS = 3_600_000;

/** Does it, and says what became of it; whether there is nothing left to do. */
async function act(alarm: Alarm, verb: string, body: object, done: string): Promise<boolean> {
  let said = done;
  try {
    await send('POST', `/api/devices/alarms/${alarm.id}:${verb}`, body, boot.csrf);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    said = error.offline ? t.offline : error.message;
    if (error.status !== 409) {
      say(said);
      return false;
    } // somebody else was quicker: what is shown is old
  }
  await Promise.all([device.again(), alarms.again()]);
  say(said);
  return true;
}

function Snooze({ alarm, close }: { alarm: Alarm; close: () => void }) {
  const id = useId();
  const snooze = async (event: Event) => {
    event.preventDefault();
    const told = new FormData(event.currentTarget as HTMLFormElement);
    const until = new Date(Date.now() + Number(told.get('hours')) * HOUR_MS).toISOString();
    if (await act(alarm, 'snooze', { until, reason: String(told.get('reason')) }, w.snoozed)) close();
  };
  return (
    <form class="snooze" onSubmit={(event) => void snooze(event)}>
      <label class="lab" for={`${id}h`}>
        {w.snoozeFor}
      </label>
      <select id={`${id}h`} name="hours" class="inp">
        {Object.entries(w.spans).map(([hours, title]) => (
          <option key={hours} value={hours}>
            {title}
          </option>
        ))}
      </select>
      <label class="lab" for={`${id}r`}>
        {w.snoozeReason} <span class="hint">{w.snoozeHint}</span>
      </label>
      <input id={`${id}r`} name="reason" class="inp" maxLength={200} required />
      <div class="row">
        <button type="submit" class="btn pri">
          {w.snooze}
        </button>
        <button type="button" class="btn" onClick={close}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}

export function AlarmActs({ alarm }: { alarm: Alarm }) {
  const asking = useSignal(false);
  const may = alarm.work?.acts ?? [];
  if (!may.length) return null;
  if (asking.value) {
    const close = () => {
      asking.value = false;
    };
    return <Snooze alarm={alarm} close={close} />;
  }
  return (
    <div class="row acts">
      {may.includes('send') && (
        <button type="button" class="btn pri sm" onClick={() => void act(alarm, 'send', {}, w.sent)}>
          {w.send}
        </button>
      )}
      {may.includes('acknowledge') && (
        <button
          type="button"
          class={may.includes('send') ? 'btn sm' : 'btn pri sm'}
          onClick={() => void act(alarm, 'acknowledge', {}, w.acknowledged)}
        >
          {w.acknowledge}
        </button>
      )}
      {may.includes('snooze') && (
        <button
          type="button"
          class="btn sm"
          onClick={() => {
            asking.value = true;
          }}
        >
          {w.snooze}
        </button>
      )}
      {may.includes('wake') && (
        <button type="button" class="btn sm" onClick={() => void act(alarm, 'wake', {}, w.woken)}>
          {w.wake}
        </button>
      )}
    </div>
  );
}
