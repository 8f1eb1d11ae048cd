/** Layer switcher and legend in one: symbol, name, count, and below a layer that is on what its looks mean. */

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../../core/format';
import { t } from '../../core/i18n';
import { Icon, Mark } from '../../core/icons/Icon';
import { statusLook } from '../../core/icons/marks';
import { wide } from '../../core/media';
import type { LayerInfo } from '../../core/types';
import { LoadNote } from '../../core/ui/Notes';
import { Toolbar } from '../../core/ui/Toolbar';
import { filters, setFilter, toggled } from '../../core/url';
import { LayerSymbol } from '../../layers/Symbol';
import { pointStyle } from '../../layers/styles';
import { MeasureButton } from './act';
import { BaseChoice } from './base-choice';
import { hasLooks } from './looks';
import { active, cardRolled, catalogue, layers, layersOpen, mapView, remaining, toggleLayer } from './store';

/** What the looks of a layer mean; pressing a line leaves the rows that look so. */
function Legend({ layer }: { layer: LayerInfo }) {
  const style = pointStyle(layer.key);
  const field = layer.style_by ?? '';
  const on = filters.value[layer.key]?.[field] ?? [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in columns everywhere
    <div class="lg2" role="group" aria-label={t.legendOf(layer.title)}>
      {layer.legend.map(({ when, icon, title }) => {
        const status = style.status(when);
        return (
          <button
            type="button"
            key={when}
            aria-pressed={on.includes(when)}
            onClick={() => setFilter(layer.key, field, toggled(on, when))}
          >
            {status ? <Mark name={statusLook(status).mark} /> : <Icon name={icon} size="xs" />}
            {title}
          </button>
        );
      })}
    </div>
  );
}

/** "9 / 96" while filters or months leave fewer. */
function Count({ layer: { key, count } }: { layer: LayerInfo }) {
  const left = remaining.value[key];
  return (
    <>
      {left !== undefined && `${number(left)} / `}
      {number(count)}
    </>
  );
}

/** Layers whose legend the reader has opened or closed. */
const opened = signal<Record<string, boolean>>({});

/** The card lies over the map: legends are closed there until they are asked for. */
function LayerRow({ layer }: { layer: LayerInfo }) {
  const { key } = layer;
  const on = active.value.includes(key);
  const hasLegend = on && layer.legend.length > 0;
  const isOpen = opened.value[key] ?? !wide.value;
  return (
    <li class={hasLegend ? 'told' : ''}>
      <label>
        <input type="checkbox" checked={on} onChange={() => toggleLayer(layer.key)} />
        <LayerSymbol layer={layer} />
        <span class="grow">{layer.title}</span>
        <span class="mut">
          <Count layer={layer} />
        </span>
      </label>
      {hasLegend && wide.value && (
        <RollButton
          label={t.legendOf(layer.title)}
          open={isOpen}
          press={() => {
            opened.value = { ...opened.value, [key]: !isOpen };
          }}
        />
      )}
      {hasLegend && isOpen && hasLooks(key) && <Legend layer={layer} />}
    </li>
  );
}

function RollButton({ label, open, press }: { label: string; open: boolean; press: () => void }) {
  return (
    <button type="button" class={open ? 'roll open' : 'roll'} aria-label={label} aria-expanded={open} onClick={press}>
      <Icon name="down" size="s" />
    </button>
  );
}

export function LayerCard() {
  const rings = catalogue.value.some((layer) => layer.geometry === 'point' && active.value.includes(layer.key));
  const card = useRef<HTMLElement>(null);
  // Higher or lower by now, for whatever reason: what was fitted beside it is fitted again.
  useEffect(() => {
    const watch = new ResizeObserver(() => mapView.peek()?.refit());
    if (card.current) watch.observe(card.current);
    return () => watch.disconnect();
  }, []);
  return (
    <section
      ref={card}
      class={layersOpen.value ? 'card legend lay open' : 'card legend lay'}
      aria-label={t.layersAndLegend}
    >
      <div class="row">
        <h2 class="grow">{t.layers}</h2>
        {wide.value && (
          <RollButton
            label={t.layersAndLegend}
            open={!cardRolled.value}
            press={() => {
              cardRolled.value = !cardRolled.value;
            }}
          />
        )}
        <button
          type="button"
          class="x only-p"
          aria-label={t.close}
          onClick={() => {
            layersOpen.value = false;
          }}
        >
          <Icon name="close" size="s" />
        </button>
      </div>
      {layers.state.value.phase !== 'ready' && (
        <LoadNote what={t.layers} load={layers.state.value} again={() => void layers.again()} />
      )}
      {/* One stop of the keyboard, however many layers a county has. */}
      <Toolbar look="" label={t.layers}>
        <ul class="layers" hidden={wide.value && cardRolled.value}>
          {catalogue.value.map((layer) => (
            <LayerRow key={layer.key} layer={layer} />
          ))}
        </ul>
      </Toolbar>
      {!(wide.value && cardRolled.value) && <BaseChoice />}
      {!wide.value && <MeasureButton worded />}
      {rings && !(wide.value && cardRolled.value) && (
        <p class="ringkey">
          <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <circle cx="11" cy="11" r="8" fill="none" stroke="var(--edge)" stroke-width="2" />
            <path d="M11 3a8 8 0 0 1 8 8" fill="none" stroke="var(--m-late)" stroke-width="3.5" />
          </svg>
          {t.ringMeans}
        </p>
      )}
    </section>
  );
}

/** Phones: the same switches as chips under the search. */
export function LayerChips() {
  const points = catalogue.value.filter(({ geometry }) => geometry === 'point');
  if (!points.length) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a scrolling row everywhere
    <div class="chips" role="group" aria-label={t.layers}>
      {points.map((layer) => (
        <button
          type="button"
          class="chip"
          key={layer.key}
          aria-pressed={active.value.includes(layer.key)}
          onClick={() => toggleLayer(layer.key)}
        >
          <Icon name={pointStyle(layer.key).sign} size="xs" />
          {layer.title}
          <span class="n">
            <Count layer={layer} />
          </span>
        </button>
      ))}
    </div>
  );
}
