/** One rule: what it asks, what it does, and what may be done with it. */

import { Icon, Mark } from '../../../core/icons/Icon';
import { Status } from '../../../core/ui/Status';
import { categoryTitle } from '../categories';
import { options } from '../store';
import { c } from '../words';
import { RuleForm } from './form';
import { Refused } from './refused';
import { busy, dryRun, editing, type Rule, ruleKey, shift, tried, turn } from './store';
import { Tried } from './tried';
import { d } from './words';

/** A rule, which one it is, and how many there are. */
interface Placed {
  rule: Rule;
  place: number;
  last: number;
}

function target({ unit, skill, skill_title }: Rule): string {
  if (!skill) return unit?.name ?? d.government;
  return unit ? d.nearestOf(skill_title, unit.name) : d.nearest(skill_title);
}

function Asks({ rule }: { rule: Rule }) {
  const { categories: kinds, at, words } = rule;
  return (
    <dl class="facts">
      <div>
        <dt>{d.category}</dt>
        <dd>{kinds.map(categoryTitle).join(c.and) || d.anyCategory}</dd>
      </div>
      <div>
        <dt>{d.place}</dt>
        <dd>{at.map(({ name }) => name).join(c.and) || d.anyPlace}</dd>
      </div>
      {words.length > 0 && (
        <div>
          <dt>{d.words}</dt>
          <dd>{words.map(d.wordOf).join(d.or)}</dd>
        </div>
      )}
      <div>
        <dt>{d.gives}</dt>
        <dd>
          <b>{target(rule)}</b>
        </dd>
      </div>
    </dl>
  );
}

/** Moves the rule; the button that was pressed, or the other one at an end, keeps the focus. */
async function step(rule: Rule, by: -1 | 1): Promise<void> {
  if (!(await shift(rule, by))) return;
  requestAnimationFrame(() => {
    const names = by < 0 ? ['up', 'down'] : ['down', 'up'];
    const buttons = names.map((name) => document.getElementById(`${name}-${rule.id}`) as HTMLButtonElement | null);
    buttons.find((button) => button && !button.disabled)?.focus();
  });
}

function Steps({ rule, place, last }: Placed) {
  return (
    <span class="row steps">
      <button
        type="button"
        id={`up-${rule.id}`}
        class="x up"
        aria-label={d.up(rule.title)}
        disabled={place === 1}
        onClick={() => void step(rule, -1)}
      >
        <Icon name="down" size="s" />
      </button>
      <button
        type="button"
        id={`down-${rule.id}`}
        class="x"
        aria-label={d.down(rule.title)}
        disabled={place === last}
        onClick={() => void step(rule, 1)}
      >
        <Icon name="down" size="s" />
      </button>
    </span>
  );
}

/** Buttons stay where they are whatever becomes of the rule, so that who works with keys stays there too. */
function Acts({ rule, place, last }: Placed) {
  const key = ruleKey(rule.id);
  const isTrying = busy.value === `dry_run ${key}`;
  const other = rule.is_active ? d.switchOff : d.switchOn;
  const again = rule.is_rehearsed ? d.tryAgain : d.tryIt;
  return (
    <div class="row wrap acts">
      {(rule.is_active || rule.is_rehearsed) && (
        <button
          type="button"
          class={rule.is_active ? 'btn sm' : 'btn sm pri'}
          aria-label={d.of(other, rule.title)}
          onClick={() => void turn(rule, !rule.is_active)}
        >
          {other}
        </button>
      )}
      <button
        type="button"
        class={rule.is_rehearsed ? 'btn sm' : 'btn sm pri'}
        aria-label={d.of(isTrying ? d.trying : again, rule.title)}
        aria-disabled={isTrying}
        onClick={() => void dryRun(rule)}
      >
        {isTrying ? d.trying : again}
      </button>
      <button
        type="button"
        class="btn sm"
        aria-label={d.of(d.change, rule.title)}
        aria-expanded={editing.value === key}
        onClick={() => {
          editing.value = editing.value === key ? '' : key;
        }}
      >
        {d.change}
      </button>
      {!rule.is_active && !rule.dry_run && <span class="f13 sub">{d.mustTry}</span>}
      <Steps rule={rule} place={place} last={last} />
    </div>
  );
}

export function RuleCard({ rule, place, last }: Placed) {
  const key = ruleKey(rule.id);
  const mayWrite = options.value?.writes_rules;
  const isOpen = editing.value === key;
  return (
    <li class="card rule" aria-labelledby={`rule-${rule.id}`}>
      <div class="row">
        <b class="place">{place}</b>
        <h3 class="grow" id={`rule-${rule.id}`}>
          {rule.title}
        </h3>
        <Status status={rule.is_active ? 'done' : 'pause'} title={rule.is_active ? d.on : d.off} />
      </div>
      <Asks rule={rule} />
      {rule.dry_run && !rule.is_rehearsed && (
        <p class="note soon">
          <Mark name="soon" />
          <span>{d.changedSince}</span>
        </p>
      )}
      {rule.dry_run && <Tried run={rule.dry_run} open={!rule.is_active || tried.value === rule.id} />}
      {mayWrite && <Acts rule={rule} place={place} last={last} />}
      {isOpen ? <RuleForm rule={rule} /> : <Refused of={key} />}
    </li>
  );
}
