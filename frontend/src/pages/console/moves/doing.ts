/** Doing a move: what is sent, what to say when it was refused, and when somebody else was faster. */

import { batch, signal } from '@preact/signals';
import { ApiError } from '../../../core/api';
import { t } from '../../../core/i18n';
import { say } from '../../../core/ui/toast';
import { desk, orders } from '../api';
import { asking, pin } from '../map';
import { type Case, opened, openKey, refresh } from '../store';
import type { LonLat, Move, Step } from '../types';
import { c } from '../words';

/** A button of the case: a move of the report or of its work order. */
export interface Act extends Move {
  of: 'report' | 'order';
}

/** The move whose form is open. */
export const chosen = signal<Act | null>(null);
export const values = signal<Record<string, unknown>>({});
/** What the form began with. */
let begun: Record<string, unknown> = {};
export const busy = signal(false);
/** Why the last try was refused, and which field is to blame. */
export const refusal = signal<{ said: string; field: string } | null>(null);
/** What others did since the case was read; null while nobody did. */
export const overtaken = signal<Step[] | null>(null);

export function choose(act: Act | null, given: Record<string, unknown> = {}): void {
  batch(() => {
    chosen.value = act;
    values.value = given;
    begun = given;
    refusal.value = null;
    asking.value = null;
    pin.value = null;
  });
}

export function put(name: string, value: unknown): void {
  values.value = { ...values.value, [name]: value };
  if (refusal.value?.field === name) refusal.value = null;
}

/** Everything that was filled in; empty fields are not sent. */
const filled = (given: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) => value !== '' && value !== null && !(Array.isArray(value) && !value.length),
    ),
  );

/** Of a correction, what was changed: a field that was emptied, too. */
function changed({ lonlat, ...given }: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(given).filter(([name, value]) => value !== begun[name]);
  const [lon, lat] = lonlat === begun.lonlat ? [] : (lonlat as LonLat);
  return { ...Object.fromEntries(fields), ...(lon !== undefined && { lon, lat }) };
}

/** Acts that say something beside what stands in the report: nobody overtakes them. */
const UNVERSIONED = ['comment', 'call', 'call_missed'];

async function sent({ of, name }: Act, { report, order }: Case, given: Record<string, unknown>): Promise<void> {
  if (of === 'report' && report) {
    if (name === 'edit') await desk.act(report.id, name, { ...changed(values.peek()), version: report.version });
    else if (UNVERSIONED.includes(name)) await desk.act(report.id, name, given);
    else await desk.act(report.id, name, { ...given, version: report.version });
  } else if (order) {
    await orders.act(order.row.id, name, { ...given, version: order.row.version });
  }
}

/** The steps of a case that `before` has not. */
function news(before: Case, now: Case | undefined): Step[] {
  const since = (read: Step[] = [], all: Step[] = []) => all.slice(read.length);
  const ofOrder = since(before.order?.history, now?.order?.history);
  return ofOrder.length ? ofOrder : since(before.report?.history, now?.report?.history);
}

async function refuse(error: ApiError, before: Case): Promise<void> {
  if (error.status === 409) {
    await opened.load(openKey.peek());
    const steps = news(before, opened.state.peek().data);
    if (steps.length) overtaken.value = steps; // else nobody was faster: it may not be done, and the refusal says why
  }
  refusal.value = {
    said: error.offline ? c.notDoneOffline : [error.message || t.failedWhy, error.hint].filter(Boolean).join(' '),
    field: error.field,
  };
}

/** The button that was pressed is asleep or gone: by keys one goes on from the case. */
export function backToCase(): void {
  requestAnimationFrame(() => {
    const at = document.activeElement ?? document.body;
    if (at === document.body || at.closest('.bar')) document.querySelector<HTMLElement>('.dth h2')?.focus();
  });
}

/** Closes the form; nothing of it is sent. */
export function closeForm(): void {
  choose(null);
  backToCase();
}

/** Does the chosen move with what was filled in. */
export async function submit(act: Act): Promise<void> {
  const before = opened.state.peek().data;
  if (!before || busy.peek()) return;
  busy.value = true;
  refusal.value = null;
  overtaken.value = null;
  try {
    await sent(act, before, filled(values.peek()));
    choose(null);
    say(c.done(act.title));
    refresh();
    backToCase();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await refuse(error, before);
  } finally {
    busy.value = false;
  }
}
