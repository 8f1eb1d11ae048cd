/** The buttons of a case: the next step large, one more beside it, the others behind a third. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../../core/icons/Icon';
import { usesKeys } from '../../../staff/keys';
import { MOVE_KEYS } from '../keys';
import type { Case } from '../store';
import type { Report } from '../types';
import { c } from '../words';
import { type Act, choose, chosen, submit } from './doing';
import { fieldsOf } from './fields';

/** The order in which moves are offered: what brings a case forward comes first. */
const ORDER = [
  ...['report.accept', 'order.assign', 'order.sign', 'order.submit', 'order.approve', 'order.arbitrate'],
  ...['order.grant', 'order.allow_return', 'report.rule_reopen', 'report.call_back', 'order.resume', 'order.take_back'],
  ...['report.supplement', 'report.ask', 'order.send_back', 'order.hand_back', 'order.refuse'],
  ...['report.call_back_reopen', 'report.rule_close', 'report.merge', 'order.ask', 'order.supervise'],
];

const keyOf = ({ of, name }: Act) => `${of}.${name}`;

function rank(act: Act): number {
  const at = ORDER.indexOf(keyOf(act));
  return at < 0 ? ORDER.length : at;
}

/** What is done beside the way forward: always behind the third button. */
const BESIDE = ['comment', 'edit', 'publish', 'call'];
/** What belongs to a photo is done at the photo. */
const ELSEWHERE = ['photo'];

export function actsOf({ report, order }: Case): Act[] {
  const all: Act[] = [
    ...(report?.moves ?? []).map((move) => ({ ...move, of: 'report' as const })),
    ...(order?.moves ?? []).map((move) => ({ ...move, of: 'order' as const })),
  ];
  return all.filter(({ name }) => !ELSEWHERE.includes(name)).sort((a, b) => rank(a) - rank(b));
}

/** What the form begins with: what the machine suggests, and nothing that a person must say. */
function given(act: Act, { report, order }: Case): Record<string, unknown> {
  const { category, unit } = report?.suggestions ?? {};
  if (keyOf(act) === 'report.accept')
    return { category: category?.code ?? report?.category ?? '', unit: unit?.id ?? '' };
  if (keyOf(act) === 'order.assign') return { unit: unit?.id ?? '' };
  if (keyOf(act) === 'report.edit' && report) return correctable(report);
  if (keyOf(act) === 'order.grant') return { workdays: order?.extension?.workdays };
  if (keyOf(act) === 'report.comment') return { audience: 'staff' };
  if (keyOf(act) === 'report.publish') return { is_public: !report?.is_public };
  return CALLS.includes(act.name) ? { mode: ordered(report) } : {};
}

const CALLS = ['call', 'call_missed', 'call_back', 'call_back_reopen'];
/** How the call-back that waits was ordered; by telephone where none was. */
const ordered = (report: Report | null) =>
  report?.call_backs.find(({ outcome }) => outcome === 'pending')?.mode ?? 'phone';

function correctable({ title, category, is_urgent, lonlat, text, address, public_text }: Report) {
  return { title, category, is_urgent, lonlat, text, address, public_text };
}

const titleOf = (act: Act) => c.verbs[keyOf(act)] ?? act.title;

export function begin(act: Act, on: Case): void {
  const named = { ...act, title: titleOf(act) };
  if (fieldsOf(act.of, act).length) choose(named, given(act, on));
  else {
    choose(null, given(act, on));
    void submit(named);
  }
}

function Button({ act, on, look }: { act: Act; on: Case; look: string }) {
  const key = usesKeys.value ? MOVE_KEYS[keyOf(act)] : undefined;
  return (
    <button type="button" class={look} aria-keyshortcuts={key?.toUpperCase()} onClick={() => begin(act, on)}>
      {key && (
        <i class="kbd" aria-hidden="true">
          {key.toUpperCase()}
        </i>
      )}
      {titleOf(act)}
    </button>
  );
}

function Others({ acts, on }: { acts: Act[]; on: Case }) {
  const open = useSignal(false);
  useEffect(() => {
    open.value = false;
  }, [chosen.value]);
  return (
    <>
      <button
        type="button"
        class="btn more"
        aria-expanded={open.value}
        aria-label={c.otherMoves}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name="down" size="s" />
      </button>
      <ul class="others" hidden={!open.value}>
        {acts.map((act) => (
          <li key={keyOf(act)}>
            <Button act={act} on={on} look="btn block" />
          </li>
        ))}
      </ul>
    </>
  );
}

export function Bar({ on }: { on: Case }) {
  const all = actsOf(on);
  const isBeside = ({ of, name }: Act) => of === 'report' && BESIDE.includes(name);
  const [first, second, ...forward] = all.filter((act) => !isBeside(act));
  const others = [...forward, ...all.filter(isBeside)];
  if (!all.length) return null;
  return (
    <div class="dta bar">
      {first ? <Button act={first} on={on} look="btn pri grow" /> : <span class="grow f13 mut">{c.notYourTurn}</span>}
      {second && <Button act={second} on={on} look="btn" />}
      {others.length > 0 && <Others acts={others} on={on} />}
    </div>
  );
}
