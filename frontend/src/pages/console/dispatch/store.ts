/** The county's rules of dispatch and its crews: what is shown, what is being done, and why it was refused. */

import { signal } from '@preact/signals';
import { ApiError, getJson, send } from '../../../core/api';
import { boot } from '../../../core/boot';
import { loader } from '../../../core/load';
import type { Schemas, With } from '../../../core/types';
import { say } from '../../../core/ui/toast';
import type { LonLat } from '../types';
import { c } from '../words';
import { d } from './words';

export type Rule = Schemas['DispatchRuleShape'];
export type DryRun = NonNullable<Rule['dry_run']>;
export type Tally = DryRun['earlier'][number];
export type Crew = With<Schemas['CrewPage']['items'][number], { lonlat: LonLat }>;
export type RuleFields = Schemas['RuleInputRequest'];
export type CrewFields = Schemas['PatchedCrewInputRequest'];

const RULES = '/api/dispatch/rules';
const CREWS = '/api/dispatch/crews/';
const KEY = 'all';
/** Stands for the rule that is being written. */
export const NEW = 0;

export const rules = loader((_key, stop) => getJson<{ items: Rule[] }>(`${RULES}/`, {}, stop));
export const crews = loader((_key, stop) => getJson<{ items: Crew[] }>(CREWS, {}, stop));
export const loadRules = () => rules.load(KEY);
export const loadCrews = () => crews.load(KEY);

/** What is being done, "dry_run 12"; '' while nothing is. */
export const busy = signal('');
/** Why the last act on a rule or a crew was refused, and which field is to blame. */
export const trouble = signal<{ of: string; said: string; field: string } | null>(null);
/** Whose form is open: "rule 12", "crew 3". */
export const editing = signal('');

/** Does something to what `of` names; whether it was done. Where others were faster, theirs is shown with the reason. */
async function doing(what: string, of: string, work: () => Promise<unknown>): Promise<boolean> {
  if (busy.peek()) return false;
  busy.value = `${what} ${of}`;
  trouble.value = null;
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409) await rules.again();
    const said = error.offline ? c.notDoneOffline : [error.message, error.hint].filter(Boolean).join(' ');
    trouble.value = { of, said, field: error.field.split('.')[0] ?? '' };
    return false;
  } finally {
    busy.value = '';
  }
}

const known = (): Rule[] => rules.state.peek().data?.items ?? [];
export const ruleKey = (id: number): string => `rule ${id}`;
export const crewKey = (id: number): string => `crew ${id}`;

/** Takes a rule as the server answered it. */
function take(rule: Rule): void {
  const items = known();
  const isNew = !items.some(({ id }) => id === rule.id);
  rules.give(KEY, { items: isNew ? [...items, rule] : items.map((one) => (one.id === rule.id ? rule : one)) });
}

const post = async (path: string, body: object = {}) => take(await send<Rule>('POST', path, body, boot.csrf));

/** The rule that was tried last: its figures are shown at once. */
export const tried = signal(0);

export async function dryRun({ id }: Rule): Promise<void> {
  if (await doing('dry_run', ruleKey(id), () => post(`${RULES}/${id}:dry_run`))) tried.value = id;
}

export async function turn({ id, title, version }: Rule, on: boolean): Promise<void> {
  const isDone = await doing('switch', ruleKey(id), () => post(`${RULES}/${id}:switch`, { on, version }));
  if (isDone) say(on ? d.switchedOn(title) : d.switchedOff(title));
}

/** Writes a new rule, or changes `rule`; a form that was refused stays open with what was typed. */
export async function save(rule: Rule | null, fields: RuleFields): Promise<void> {
  const isDone = await doing('save', ruleKey(rule?.id ?? NEW), async () => {
    if (!rule) return post(`${RULES}/`, fields);
    const body = { ...fields, version: rule.version };
    return take(await send<Rule>('PATCH', `${RULES}/${rule.id}`, body, boot.csrf));
  });
  if (!isDone) return;
  editing.value = '';
  say(d.saved(fields.title ?? rule?.title ?? ''));
}

/** Moves a rule by one place; whether it was moved. */
export async function shift({ id, title }: Rule, by: -1 | 1): Promise<boolean> {
  const ids = known().map((one) => one.id);
  const at = ids.indexOf(id);
  ids.splice(at, 1);
  ids.splice(at + by, 0, id);
  const isDone = await doing('order', ruleKey(id), async () => {
    rules.give(KEY, await send<{ items: Rule[] }>('POST', `${RULES}:order`, { ids }, boot.csrf));
  });
  if (isDone) say(d.moved(title, at + by + 1));
  return isDone;
}

export async function changeCrew(crew: Crew, fields: CrewFields): Promise<void> {
  const isDone = await doing('save', crewKey(crew.id), async () => {
    const changed = await send<Crew>('PATCH', `${CREWS}${crew.id}`, fields, boot.csrf);
    const items = crews.state.peek().data?.items ?? [];
    crews.give(KEY, { items: items.map((one) => (one.id === changed.id ? changed : one)) });
  });
  if (!isDone) return;
  editing.value = '';
  say(d.saved(crew.name));
}
