/** A list of what the person may change: searched on the server, paged, one row per line. */

import { type Signal, signal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { ApiError, isAbort } from '../../core/api';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { version } from '../../core/live';
import { Empty, Skeleton } from '../../core/ui/Notes';
import { screen } from '../../core/url';
import { leaveTo } from './editor';
import { type Option, Options } from './fields';
import { m } from './words';

export interface Row {
  id: string;
  title: string;
  line: ComponentChildren;
  mark?: ComponentChildren;
}

export interface Found {
  rows: Row[];
  total: number;
  next: number | null;
}

export interface Listing {
  /** First part of the address, "projects". */
  subject: string;
  /** Whose changes by others load the list again. */
  layer?: string;
  title: string;
  newTitle: string | null;
  filters: Option[];
  find(query: { q: string; filter: string; after: number }, signal: AbortSignal): Promise<Found>;
}

const WAIT_MS = 250;
/** Counted up whenever something was saved, so that lists load again. */
export const saves = signal(0);

interface State {
  rows: Row[];
  total: number;
  next: number | null;
  phase: 'loading' | 'ready' | 'failed';
  why: string;
}

const NOTHING: State = { rows: [], total: 0, next: null, phase: 'loading', why: '' };

/** Counted up when others changed the layer; not for somebody who has read on: the list would jump to its top. */
function useNews(layer: string | undefined, reader: { isFurther: boolean }): Signal<number> {
  const news = useMemo(() => signal(0), [layer]);
  const seen = useMemo(() => ({ version: layer ? version(layer).peek() : '' }), [layer]);
  useSignalEffect(() => {
    const now = layer ? version(layer).value : '';
    if (now === seen.version) return;
    seen.version = now;
    if (!reader.isFurther) news.value = news.peek() + 1;
  });
  return news;
}

function useListing(listing: Listing) {
  const held = useMemo(
    () => ({ q: signal(''), filter: signal(''), state: signal<State>(NOTHING), reader: { isFurther: false } }),
    [listing.subject],
  );
  const news = useNews(listing.layer, held.reader);
  const load = async (after: number, stop: AbortSignal) => {
    try {
      const found = await listing.find({ q: held.q.peek().trim(), filter: held.filter.peek(), after }, stop);
      const before = after ? held.state.peek().rows : [];
      held.reader.isFurther = after > 0;
      held.state.value = { ...found, rows: [...before, ...found.rows], phase: 'ready', why: '' };
    } catch (error) {
      if (isAbort(error)) return;
      const why = error instanceof ApiError ? (error.offline ? t.offline : error.message) : String(error);
      held.state.value = { ...held.state.peek(), phase: 'failed', why };
    }
  };
  useSignalEffect(() => {
    void [held.q.value, held.filter.value, saves.value, news.value];
    const stop = new AbortController();
    const timer = setTimeout(() => void load(0, stop.signal), held.state.peek() === NOTHING ? 0 : WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
  return { ...held, more: (after: number) => void load(after, new AbortController().signal) };
}

function Filters({ listing, q, filter }: { listing: Listing; q: Signal<string>; filter: Signal<string> }) {
  return (
    <div class="finder">
      <label class="search flat">
        <Icon name="search" size="s" />
        <span class="sr">{m.find}</span>
        <input
          type="search"
          placeholder={m.find}
          value={q.value}
          onInput={(event) => {
            q.value = event.currentTarget.value;
          }}
        />
      </label>
      {listing.filters.length > 0 && (
        <select
          class="inp"
          aria-label={m.filterAll}
          value={filter.value}
          onChange={(event) => {
            filter.value = event.currentTarget.value;
          }}
        >
          <Options of={listing.filters} empty={m.filterAll} />
        </select>
      )}
    </div>
  );
}

function Rows({ listing, rows }: { listing: Listing; rows: Row[] }) {
  const [, opened] = screen.value.split('/');
  return (
    <ul class="rows">
      {rows.map(({ id, title, line, mark }) => (
        <li key={id}>
          <button
            type="button"
            aria-current={opened === id ? 'true' : undefined}
            onClick={() => leaveTo(`${listing.subject}/${id}`)}
          >
            <span class="grow">
              <span class="t">{title}</span>
              <span class="d">{line}</span>
            </span>
            {mark}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function ListPane({ listing }: { listing: Listing }) {
  const { q, filter, state, more } = useListing(listing);
  const { rows, total, next, phase, why } = state.value;
  return (
    <section class="listpane" aria-labelledby="list-title">
      <div class="listhead">
        <h1 id="list-title" class="grow">
          {listing.title} {phase === 'ready' && <small class="mut">{m.counted(total)}</small>}
        </h1>
        {listing.newTitle && (
          <button type="button" class="btn soft sm" onClick={() => leaveTo(`${listing.subject}/new`)}>
            <Icon name="plus" size="s" />
            {listing.newTitle}
          </button>
        )}
      </div>
      <Filters listing={listing} q={q} filter={filter} />
      {phase === 'failed' && (
        <p class="note late" role="status">
          {why || t.failed(listing.title)}
        </p>
      )}
      {phase === 'loading' && <Skeleton />}
      {phase === 'ready' && rows.length === 0 && (
        <Empty title={q.value ? m.noneFound(q.value) : m.none}>{q.value ? m.noneHint : undefined}</Empty>
      )}
      <Rows listing={listing} rows={rows} />
      {next !== null && phase === 'ready' && (
        <button type="button" class="btn block" onClick={() => more(next)}>
          {m.more}
        </button>
      )}
    </section>
  );
}
