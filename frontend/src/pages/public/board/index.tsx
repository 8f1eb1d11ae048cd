/** The progress board: every township in a month, what it is made of, and the same on the map. */

import { useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number, percent } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { wide } from '../../../core/media';
import type { Board as BoardData, WatchedProject } from '../../../core/types';
import { Empty, LoadNote } from '../../../core/ui/Notes';
import { Facts, Status } from '../../../core/ui/Status';
import { listed, select } from '../../../core/url';
import './board.css';
import { areas, board, boardKey, drawn, place, placeKey } from './data';
import { Figures, Head } from './head';
import { Legend, MapStrip, ToMap, useCover } from './map';
import { Ranking } from './table';
import { b, loadWords } from './words';

function Reason({ project }: { project: WatchedProject }) {
  const { difference, status, actual, planned } = project;
  const figures =
    actual !== null && planned !== null && t.actualPlanned(percent(Math.round(actual)), percent(Math.round(planned)));
  const detail = status === 'late' && difference ? b.points(number(Math.abs(difference))) : undefined;
  return (
    <li>
      <button type="button" class="li" onClick={() => select({ kind: 'projects', id: String(project.id) })}>
        <span class="grow">
          <span class="t">{project.name}</span>
          <span class="d">
            <Facts of={[project.township?.name, project.note || figures]} />
          </span>
        </span>
        <Status status={status} title={project.status_title} detail={detail} />
      </button>
    </li>
  );
}

function Reasons({ projects }: { projects: WatchedProject[] }) {
  return (
    <section class="card why" aria-labelledby="reasons">
      <h2 id="reasons" tabIndex={-1}>
        {b.reasons}
      </h2>
      {projects.length ? (
        <ul>
          {projects.map((project) => (
            <Reason key={project.id} project={project} />
          ))}
        </ul>
      ) : (
        <Empty title={b.reasonsNone}>{b.reasonsNoneHint}</Empty>
      )}
    </section>
  );
}

function Content({ data }: { data: BoardData }) {
  if (!data.month) {
    return (
      <Empty icon="info" title={b.emptyTitle}>
        {b.emptyHint}
      </Empty>
    );
  }
  return (
    <>
      <Figures data={data} />
      <Ranking data={data} />
      <Reasons projects={data.reasons} />
      <p class="legal">
        <Icon name="info" size="xs" />
        <span>{b.legal}</span>
      </p>
    </>
  );
}

/** Asks for what the address says, each once. */
function useLoading(): void {
  useSignalEffect(() => {
    const [whole, one] = [boardKey.value, placeKey.value];
    if (board.state.peek().key !== whole) void board.load(whole);
    if (one && place.state.peek().key !== one) void place.load(one);
    if (areas.state.peek().key !== 'all') void areas.load('all');
  });
  useSignalEffect(() => {
    const { data, phase } = board.state.value;
    // The one before stays until the next is there; what could not be had is not shown as if it were.
    if (data || phase === 'error') drawn.value = data ?? null;
  });
  useEffect(() => {
    const again = () => {
      for (const each of [board, place, areas]) if (each.state.peek().phase === 'error') void each.again();
    };
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, []);
}

/** An area that was pressed on the map opens its row: it is brought into view. */
function useOpened(): void {
  const before = useRef('');
  useSignalEffect(() => {
    const now = listed.at.value;
    if (!drawn.value || now === before.current) return;
    before.current = now;
    requestAnimationFrame(() => document.getElementById(`at-${now}`)?.scrollIntoView({ block: 'nearest' }));
  });
}

function Board() {
  useLoading();
  useCover();
  useOpened();
  const load = board.state.value;
  const data = drawn.value;
  if (!wide.value && listed.in.value === 'map') return <MapStrip />;
  return (
    <div class="board" aria-busy={load.phase !== 'ready' && load.phase !== 'error'}>
      <Head data={data} />
      <LoadNote what={b.what} load={load} again={() => void board.again()} />
      {data && <Content data={data} />}
      <Legend />
      <ToMap />
    </div>
  );
}

export async function load(): Promise<ComponentType> {
  await loadWords();
  return Board;
}
