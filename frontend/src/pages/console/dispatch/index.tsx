/** Rules of dispatch in their order, and the crews that some of them send. */

import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../../core/icons/Icon';
import { Empty, LoadNote } from '../../../core/ui/Notes';
import { learnCategories } from '../categories';
import { options } from '../store';
import { c } from '../words';
import { CrewCard } from './crews';
import './dispatch.css';
import { RuleForm } from './form';
import { RuleCard } from './rule';
import { crews, editing, loadCrews, loadRules, NEW, ruleKey, rules } from './store';
import { d, loadWords } from './words';

function NewRule() {
  const of = ruleKey(NEW);
  const isOpen = editing.value === of;
  return (
    <>
      <button
        type="button"
        class="btn soft block"
        aria-expanded={isOpen}
        onClick={() => {
          editing.value = isOpen ? '' : of;
        }}
      >
        <Icon name="plus" size="s" />
        {d.newRule}
      </button>
      {isOpen && <RuleForm rule={null} />}
    </>
  );
}

function Rules() {
  useEffect(() => void Promise.all([loadRules(), learnCategories()]), []);
  const state = rules.state.value;
  const rows = state.data?.items;
  const mayWrite = options.value?.writes_rules;
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">{d.rules}</h2>
      <p class="sub f14">
        {d.rulesHint} {!mayWrite && d.readOnly}
      </p>
      <LoadNote what={d.rules} load={state} again={rules.again} />
      {rows?.length === 0 && (
        <Empty title={d.noRules} icon="info">
          {d.noRulesHint}
        </Empty>
      )}
      <ol>
        {rows?.map((rule, index) => (
          <RuleCard key={rule.id} rule={rule} place={index + 1} last={rows.length} />
        ))}
      </ol>
      {rows && mayWrite && <NewRule />}
    </section>
  );
}

function Crews() {
  useEffect(() => void loadCrews(), []);
  const state = crews.state.value;
  const rows = state.data?.items;
  return (
    <section class="crews" aria-labelledby="crews">
      <h2 id="crews">{d.crews}</h2>
      <p class="sub f14">{d.crewsHint}</p>
      <LoadNote what={d.crews} load={state} again={crews.again} />
      {rows?.length === 0 && <Empty title={d.noCrews} icon="info" />}
      <ul>
        {rows?.map((crew) => (
          <CrewCard key={crew.id} crew={crew} />
        ))}
      </ul>
    </section>
  );
}

function Dispatch() {
  const may = options.value;
  if (!may) return null;
  return (
    <div class={may.reads_rules ? 'figures dispatch both' : 'figures dispatch'}>
      <h1 class="sr">{may.reads_rules ? c.dispatch : c.crews}</h1>
      {may.reads_rules && <Rules />}
      {may.reads_crews && <Crews />}
    </div>
  );
}

export async function load(): Promise<ComponentType> {
  await loadWords();
  return Dispatch;
}
