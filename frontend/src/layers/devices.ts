/** How devices look: a hexagon with the icon of the kind, and a mark of the state. Loaded when somebody looks at them. */

import { addIcons } from '../core/icons/icons';
import { LOOKS } from '../core/icons/marks';
import { STYLES } from './styles';

addIcons({
  smoke:
    'M5 11a7 7 0 0 1 14 0M3.5 11h17v3h-17v-3ZM9 17.5c-1 1 .5 1.5-.5 3M15 17.5c-1 1 .5 1.5-.5 3M12 17.5c-1 1 .5 1.5-.5 3',
  cctv: 'M4 7.5 17 4l2.5 7-13 4L4 7.5ZM9.5 14v4H4M4 15.5v5M19.5 11l2-.7',
  wind: 'M3 9h11a2.75 2.75 0 1 0-2.6-3.6M3 13h15a2.75 2.75 0 1 1-2.6 3.6M3 17h7.5a2 2 0 1 1-1.9 2.6',
  device: 'M7 7h10v10H7V7ZM10 7V3.5M14 7V3.5M10 20.5V17M14 20.5V17M7 10H3.5M7 14H3.5M20.5 10H17M20.5 14H17',
});

/** States as the server calls them. */
Object.assign(LOOKS, {
  critical: { mark: 'late', tone: 'late', weight: 5 },
  warning: { mark: 'soon', tone: 'soon', weight: 3 },
  notice: { mark: 'new', tone: 'work', weight: 2 },
  offline: { mark: 'off', tone: 'pause', weight: 1 },
  online: { mark: 'ok', tone: 'done', weight: 0 },
} satisfies typeof LOOKS);

/** As wide as a circle of the radius is, with a level top. */
function hexagon(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  const side = radius * 1.1;
  ctx.beginPath();
  for (let corner = 0; corner < 6; corner++) {
    const angle = (corner * Math.PI) / 3;
    ctx.lineTo(x + side * Math.cos(angle), y + side * Math.sin(angle));
  }
  ctx.closePath();
}

Object.assign(STYLES.devices ?? {}, { status: (value: string) => value, outline: hexagon });
