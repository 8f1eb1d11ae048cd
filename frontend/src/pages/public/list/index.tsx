/** The list beside the map: the same rows, the way to them without a mouse, and what they are narrowed by. */

import { useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number, shortName } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { statusLook } from '../../../core/icons/marks';
import { wide } from '../../../core/media';
import type { LayerInfo } from '../../../core/types';
import { Empty, LoadNote } from '../../../core/ui/Notes';
import { clearFilters, filters, openView, setListed } from '../../../core/url';
import { pointStyle } from '../../../layers/styles';
import { catalogue, county, filtering, toggleLayer } from '../store';
import { fetchMore, follow, layer, rows, states, total, townships, wanted, wholeCounty } from './asking';
import { Filters, LayerChoice } from './filters';
import { activeFilters, activeMonths } from './naming';
import './list.css';
import { needle, ordered, STEP, shown, sort, sortsOf } from './order';
import { RowList } from './rows';
import { loadWords, w } from './words';

const countyName = () => shortName(county.state.value.data?.name ?? '');

function Find({ info }: { info: LayerInfo }) {
  const { data } = rows.state.value;
  const n = number(data?.features.length ?? info.count);
  return (
    <div class="search flat">
      <Icon name="search" size="s" />
      <input
        type="text"
        maxLength={60}
        autocomplete="off"
        spellcheck={false}
        aria-label={w.search}
        placeholder={data?.cursor ? w.searchLoaded(n) : w.searchAll(n)}
        value={needle.value}
        onInput={(event) => {
          needle.value = event.currentTarget.value;
          shown.value = STEP;
        }}
      />
      {needle.value && (
        <button
          type="button"
          class="clear"
          aria-label={w.searchClear}
          onClick={() => {
            needle.value = '';
          }}
        >
          <Icon name="close" size="s" />
        </button>
      )}
    </div>
  );
}

/** How many there are, and of what; said aloud when it changes. */
function Total() {
  const text = needle.value.trim();
  const n = text ? ordered.value.length : total.value;
  return (
    <p class="grow f14 sub" role="status">
      {n !== null && (
        <>
          <b>{text ? w.matches(number(n), text) : w.total(number(n))}</b>
          {w.comma}
          {wholeCounty.value ? w.everywhere : w.onMap}
        </>
      )}
    </p>
  );
}

function Order({ info }: { info: LayerInfo }) {
  if (rows.state.value.data?.cursor) return <p class="mut f13">{info.worst_first ? w.sorts.worst : w.unsorted}</p>;
  return (
    <label class="pick sort">
      <span>{w.sort}</span>
      <select value={sort.value} onChange={(event) => setListed('by', event.currentTarget.value)}>
        {sortsOf(info).map((key) => (
          <option key={key} value={key}>
            {w.sorts[key]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Head({ info }: { info: LayerInfo }) {
  return (
    <header class="lhead">
      <div class="row">
        <h1 class="grow">{w.of(countyName(), info.title)}</h1>
        {!wide.value && county.state.value.data?.is_demo && <span class="demo">{t.demo}</span>}
      </div>
      <LayerChoice info={info} />
      {(needle.value || rows.state.value.data?.features.length !== 0) && <Find info={info} />}
      <Filters info={info} />
      <label class="follow">
        <input
          type="checkbox"
          checked={!wholeCounty.value}
          onChange={(event) => setListed('in', event.currentTarget.checked ? '' : 'county')}
        />
        {w.followMap}
      </label>
      <div class="row lsum">
        <Total />
        <Order info={info} />
      </div>
    </header>
  );
}

/** That nothing is late, stopped or going backwards. */
function isGoodNews({ key, style_by: field }: LayerInfo): boolean {
  const asked = filters.value[key]?.[field ?? ''] ?? [];
  const isBad = (value: string) => statusLook(pointStyle(key).status(value) ?? '').weight > 2;
  return asked.length > 0 && asked.every(isBad);
}

/** Nothing found is good news for what is watched, and always has a way on. */
function Nothing({ info }: { info: LayerInfo }) {
  if (needle.value.trim() && rows.state.value.data?.features.length) {
    return (
      <Empty icon="info" title={w.noMatch(needle.value.trim())}>
        {w.noMatchHint}
      </Empty>
    );
  }
  const chosen = [...activeFilters([info]), ...activeMonths([info])].map(({ title }) => title);
  const what = chosen.length ? w.such(chosen.join(w.and), info.title) : info.title;
  return (
    <Empty icon={isGoodNews(info) ? 'check' : 'info'} title={wholeCounty.value ? w.noneAtAll(what) : w.noneHere(what)}>
      <span class="ways">
        {!wholeCounty.value && (
          <button type="button" class="btn sm" onClick={() => setListed('in', 'county')}>
            {w.wholeCounty}
          </button>
        )}
        {filtering.value && (
          <button type="button" class="btn sm" onClick={clearFilters}>
            {w.clearFilters}
          </button>
        )}
      </span>
    </Empty>
  );
}

function more(): void {
  shown.value += STEP;
  if (shown.value > ordered.value.length) void fetchMore().catch(() => undefined); // the button stays, to be pressed again
}

function Content({ info }: { info: LayerInfo }) {
  const load = rows.state.value;
  const here = ordered.value.slice(0, shown.value);
  const behind = (needle.value ? ordered.value.length : (total.value ?? ordered.value.length)) - here.length;
  return (
    <div class="lbody" aria-busy={load.phase !== 'ready' && load.phase !== 'error'}>
      <LoadNote what={info.title} load={load} again={() => void rows.again()} />
      {load.data && !here.length && <Nothing info={info} />}
      {here.length > 0 && <RowList key={load.key} info={info} rows={here} />}
      {load.data && behind > 0 && (
        <button type="button" class="btn soft block" onClick={more}>
          {t.showMore(Math.min(STEP, behind))}
        </button>
      )}
    </div>
  );
}

function NoLayer() {
  const offered = catalogue.value.filter(({ geometry }) => geometry === 'point');
  return (
    <div class="lbody">
      <h1 class="sr">{t.list}</h1>
      <Empty icon="info" title={w.noLayer}>
        <span class="ways">
          {offered.map(({ key, title }) => (
            <button type="button" class="btn sm" key={key} onClick={() => toggleLayer(key)}>
              {w.turnOn(title)}
            </button>
          ))}
        </span>
      </Empty>
    </div>
  );
}

function again(): void {
  for (const each of [rows, states, townships]) if (each.state.peek().phase === 'error') void each.again();
}

function List() {
  const now = layer.value;
  const top = useRef<HTMLDivElement>(null);
  useSignalEffect(follow);
  useSignalEffect(() => {
    const keys = wanted.value;
    if (!keys) return;
    if (rows.state.peek().key !== keys.rows) {
      shown.value = STEP;
      void rows.load(keys.rows);
    }
    if (states.state.peek().key !== keys.states) void states.load(keys.states);
    if (townships.state.peek().key !== keys.townships) void townships.load(keys.townships);
  });
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, []);
  return (
    <div class="list" ref={top}>
      {now ? (
        <>
          <Head info={now} />
          <Content info={now} />
        </>
      ) : (
        catalogue.value.length > 0 && <NoLayer />
      )}
      <button type="button" class="btn pri tomap only-p" onClick={() => openView('')}>
        <Icon name="map" size="s" />
        {w.showMap}
      </button>
    </div>
  );
}

export async function load(): Promise<ComponentType> {
  await loadWords();
  return List;
}
