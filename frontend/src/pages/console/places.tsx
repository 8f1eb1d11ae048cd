/** Finds a place of the county by its name. */

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { ApiError, isAbort } from '../../core/api';
import { boot } from '../../core/boot';
import { endpoints } from '../../core/endpoints';
import { t } from '../../core/i18n';
import type { SearchResult } from '../../core/types';
import { c } from './words';

const WAIT_MS = 200;
const [LON, LAT] = boot.facts?.center ?? [0, 0];

/** Places whose names are like `asked`; null before the answer. */
function useFound(asked: string) {
  const found = useSignal<SearchResult[] | null>(null);
  const failed = useSignal('');
  useEffect(() => {
    found.value = null;
    failed.value = '';
    if (!asked) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      endpoints.search(asked, LON, LAT, stop.signal).then(
        ({ results }) => {
          found.value = results.filter(({ kind }) => kind === 'place');
        },
        (error) => {
          if (isAbort(error)) return;
          failed.value = error instanceof ApiError && error.message ? error.message : t.searchFailed;
        },
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked]);
  return { found, failed };
}

export function PlaceSearch({ label, hint, pick }: { label: string; hint?: string; pick: (at: SearchResult) => void }) {
  const id = useId();
  const text = useSignal('');
  const { found, failed } = useFound(text.value.trim());
  const said = found.value && (found.value.length ? c.placeFound(found.value.length) : c.placeNone);
  return (
    <>
      <label class="lab" for={id}>
        {label} {hint && <span class="hint">{hint}</span>}
      </label>
      <input
        id={id}
        class="inp"
        autocomplete="off"
        placeholder={c.placeSearch}
        value={text.value}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
        onInput={({ currentTarget: { value } }) => {
          text.value = value;
        }}
      />
      <p class="hint" role="status">
        {failed.value || said}
      </p>
      <div class="wrapped">
        {found.value?.map((at) => (
          <button
            key={at.id}
            type="button"
            class="chip line"
            onClick={() => {
              text.value = '';
              pick(at);
              document.getElementById(id)?.focus();
            }}
          >
            {at.title} <span class="sub">{at.subtitle}</span>
          </button>
        ))}
      </div>
    </>
  );
}
