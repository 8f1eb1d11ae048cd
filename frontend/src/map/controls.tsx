/** Controls and small print of the map. They are ordinary buttons beside the map, not inside it. */

import type { ComponentChildren } from 'preact';
import { t } from '../core/i18n';
import { Icon } from '../core/icons/Icon';
import type { BaseMapInfo } from '../core/types';
import { Toolbar } from '../core/ui/Toolbar';

export interface ControlsProps {
  zoomBy(steps: number): void;
  locate(): void;
  /** Opens the layers where they have no card of their own (phones). */
  layers(): void;
  layersOpen: boolean;
  children?: ComponentChildren;
}

/** Nearer and further away. */
export function Zoom({ by }: { by: (steps: number) => void }) {
  return (
    <div class="zoom">
      <button type="button" aria-label={t.zoomIn} onClick={() => by(1)}>
        <Icon name="plus" />
      </button>
      <button type="button" aria-label={t.zoomOut} onClick={() => by(-1)}>
        <Icon name="minus" />
      </button>
    </div>
  );
}

export function MapControls({ zoomBy, locate, layers, layersOpen, children }: ControlsProps) {
  return (
    <Toolbar look="mctl" label={t.mapTools}>
      <button type="button" class="only-p" aria-label={t.layersAndLegend} aria-expanded={layersOpen} onClick={layers}>
        <Icon name="layers" />
      </button>
      <Zoom by={zoomBy} />
      <button type="button" aria-label={t.locate} onClick={locate}>
        <Icon name="locate" />
      </button>
      {children}
    </Toolbar>
  );
}

/** A round length that is 50 to 110 pixels long. */
export function scaleBar(metresPerPixel: number): { metres: number; pixels: number } {
  const most = metresPerPixel * 110;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
  return { metres, pixels: Math.round(metres / metresPerPixel) };
}

interface FootProps {
  /** What lies below says who made it, and under which number it may be shown. */
  base: BaseMapInfo | undefined;
  illustrative: boolean;
  mpp: number;
}

export function MapFoot({ base, illustrative, mpp }: FootProps) {
  const { metres, pixels } = scaleBar(mpp);
  return (
    <div class="mfoot">
      <span>{base?.approval_number ? t.approval(base.approval_number) : t.approvalMissing}</span>
      {base?.attribution && <span>{base.attribution}</span>}
      {illustrative && <span>{t.illustrative}</span>}
      <span class="scale">
        {metres < 1000 ? t.metres(metres) : t.kilometres(metres / 1000)}
        <i style={{ width: `${pixels}px` }} />
      </span>
    </div>
  );
}
