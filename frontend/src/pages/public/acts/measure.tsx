/** The bar of measuring: what was measured, and everything the map can do by pointer as a button. */

import { signal } from '@preact/signals';
import { Icon } from '../../../core/icons/Icon';
import { area, length } from '../../../map/later/geodesy';
import { Measure } from '../../../map/later/measure';
import type { MapView } from '../../../map/view';
import { below, homeDetent, layersOpen, mapView, panelDetent } from '../store';
import { areaText, lengthText } from './units';
import { w } from './words';

const now = signal<{ tool: Measure; points: Measure['points']; closed: boolean } | null>(null);

function stop(): void {
  now.value?.tool.stop();
  now.value = null;
  below.value = null;
  removeEventListener('keydown', leave);
  document.getElementById('map')?.focus();
}

function leave(event: KeyboardEvent): void {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) stop();
}

function Result({ points, closed }: { points: Measure['points']; closed: boolean }) {
  if (!points.length) return <>{w.start}</>;
  if (!closed) return <b>{lengthText(length(points))}</b>;
  if (points.length < 3) return <>{w.three}</>;
  const round = length([...points, points[0] as Measure['points'][number]]);
  return (
    <>
      <b>{areaText(area(points))}</b> <span class="sub">{w.perimeter(lengthText(round))}</span>
    </>
  );
}

function Kinds({ tool, closed }: { tool: Measure; closed: boolean }) {
  return (
    <fieldset class="kinds">
      <legend class="sr">{w.measuring}</legend>
      {[w.distance, w.area].map((title, index) => (
        <label key={title}>
          <input
            type="radio"
            name="measure"
            checked={closed === Boolean(index)}
            onChange={() => tool.close(index > 0)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

function Bar() {
  if (!now.value) return null;
  const { tool, points, closed } = now.value;
  return (
    <section class="card measurebar" aria-label={w.measuring}>
      <div class="row">
        <Kinds tool={tool} closed={closed} />
        <span class="sub f13 grow">{w.points(points.length)}</span>
        <button type="button" class="x" aria-label={w.stop} onClick={stop}>
          <Icon name="close" size="s" />
        </button>
      </div>
      <p role="status">
        <Result points={points} closed={closed} />
      </p>
      <div class="row acts">
        <button type="button" class="btn sm" onClick={() => tool.addMiddle()}>
          {w.addMiddle}
        </button>
        <button type="button" class="btn sm" disabled={!points.length} onClick={() => tool.undo()}>
          {w.undo}
        </button>
        <button type="button" class="btn sm" disabled={!points.length} onClick={() => tool.clear()}>
          {w.clear}
        </button>
      </div>
    </section>
  );
}

export function measure(): void {
  const view = mapView.value;
  if (now.value) stop();
  else if (view) start(view);
}

function start(view: MapView): void {
  const tool: Measure = new Measure(view, () => {
    now.value = { tool, points: tool.points, closed: tool.closed };
  });
  now.value = { tool, points: [], closed: false };
  below.value = Bar;
  layersOpen.value = false;
  homeDetent.value = 'peek';
  panelDetent.value = 'peek';
  addEventListener('keydown', leave);
  document.getElementById('map')?.focus();
}
