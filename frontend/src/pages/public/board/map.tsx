/** The same figures on the map: townships filled by how far they are from the plan, and what the colours mean. */

import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { number } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { wide } from '../../../core/media';
import type { BoardRow } from '../../../core/types';
import { LoadNote } from '../../../core/ui/Notes';
import { askedView, listed, setListed } from '../../../core/url';
import { AreaCover } from '../../../map/later/areas';
import { county, mapView } from '../store';
import { areas, drawn, figureOf, NO_DATA, openPlace, TOKENS, told } from './data';
import { b } from './words';

/** The page was opened with this view and a place on the map: then the map stays where the address says. */
let held = askedView.peek() !== null && /[?&]v=board/.test(performance.getEntriesByType('navigation')[0]?.name ?? '');

/** Draws the areas for as long as the board is there. */
export function useCover(): void {
  useSignalEffect(() => {
    const [view, shapes] = [mapView.value, areas.state.value.data];
    // Areas without figures would be taken for data.
    if (!view || !shapes || !(drawn.value || view.scene.cover)) return;
    const cover = new AreaCover(shapes, figureOf, openPlace, county.state.peek().data?.cells_illustrative ?? false);
    cover.chosen = listed.at.value;
    view.setCover(cover);
  });
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (!held) mapView.peek()?.whole();
      held = false;
    });
    return () => {
      cancelAnimationFrame(frame);
      mapView.peek()?.setCover(null);
    };
  }, []);
}

export function Legend() {
  return (
    <section class="akey" aria-label={b.mapTitle}>
      <h2>{b.mapTitle}</h2>
      <LoadNote what={t.map} load={areas.state.value} again={() => void areas.again()} />
      <ul>
        {[...TOKENS, NO_DATA].map((token, index) => (
          <li key={token}>
            <i style={{ background: `var(--${token})` }} />
            {b.classes[index] ?? b.noData}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pressed({ row }: { row: BoardRow | undefined }) {
  if (!row) return <p class="f14 sub">{b.pressArea}</p>;
  return (
    <p class="f14">
      <b>{row.name}</b>
      <i class="dot" />
      {row.difference === null ? b.noFigure : told(row.difference).text}
      <i class="dot" />
      {b.projects(number(row.projects))}
    </p>
  );
}

/** What a phone shows below the map: what was pressed, what the colours mean, the way back to the table. */
export function MapStrip() {
  return (
    <div class="bstrip">
      <div class="row">
        <span class="grow" role="status">
          <Pressed row={drawn.value?.rows.find(({ code }) => code === listed.at.value)} />
        </span>
        <button type="button" class="btn sm pri" onClick={() => setListed('in', '')}>
          <Icon name="board" size="s" />
          {b.showTable}
        </button>
      </div>
      <Legend />
    </div>
  );
}

export function ToMap() {
  if (wide.value) return null;
  return (
    <button type="button" class="btn pri tomap" onClick={() => setListed('in', 'map')}>
      <Icon name="map" size="s" />
      {b.showMap}
    </button>
  );
}
