/**
 * How the rows of a point layer look. A layer without an entry here is drawn as a circle with the icon of its
 * legend: good enough to work, and one entry away from its own form.
 */

import { named } from '../core/format';
import { statusLook } from '../core/icons/marks';
import type { Feature, LayerInfo, LegendRule, Properties } from '../core/types';
import { lookOf } from './report-status';

/** Marks by form: square = project, circle = facility, drop = report, hexagon = device, dashed = change point. */
export type Form = 'square' | 'circle' | 'drop' | 'hexagon' | 'dashed';

export interface PointStyle {
  form: Form;
  /** Icon of a row; `rule` is the legend's line for it. */
  icon(properties: Properties, rule: LegendRule | undefined): string;
  /** Status of a row, where the layer has one: decides the badge, and the arcs of a ring. */
  status(value: string, properties?: Properties): string | null;
  /** Pixels between neighbours below which rows are counted together. */
  room: number;
  /** Icon of the whole layer, in legend and chips. */
  sign: string;
  /** Traces the edge of a form that is no square, circle or drop. */
  outline?(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const GENERIC: PointStyle = {
  form: 'circle',
  icon: (properties, rule) => text(properties.icon) || rule?.icon || 'pin',
  status: () => null,
  room: 60,
  sign: 'pin',
};

/** How far published change points are, as the status that looks so. */
const STAGES: Record<string, string> = { found: 'planned', handling: 'work', handled: 'done' };

export const STYLES: Record<string, Partial<PointStyle>> = {
  projects: {
    form: 'square',
    icon: (properties, rule) => text(properties.icon) || rule?.icon || 'road',
    status: (value) => value,
    room: 80,
    sign: 'road',
  },
  facilities: { sign: 'toilet' },
  incidents: {
    form: 'drop',
    status: (value, properties) => lookOf(value, properties?.is_overdue === true),
    room: 44,
    sign: 'edit',
  },
  devices: { form: 'hexagon', room: 44, sign: 'level' },
  changepoints: { form: 'dashed', status: (value) => STAGES[value] ?? null, sign: 'layers' },
};

/** What a row is called by in addresses: a report by its public number. */
export const idOf = ({ id, properties }: Pick<Feature, 'id' | 'properties'>): string => String(properties.number ?? id);

/** What a row is called by people. */
export const nameOf = (properties: Properties): string => named(properties, 'name') || named(properties, 'title');

export function pointStyle(key: string): PointStyle {
  return { ...GENERIC, ...STYLES[key] };
}

/** The legend's line for a row of `layer`, or for a value of its style field. */
export function ruleFor(layer: LayerInfo, value: unknown): LegendRule | undefined {
  return layer.legend.find((rule) => rule.when === String(value));
}

/** Parts of a ring, worst first, the bad ones wide enough to be seen; one neutral part when the layer has no status. */
export function arcs(style: PointStyle, by: Record<string, number>): { token: string; share: number }[] {
  const parts = new Map<string, { share: number; weight: number }>();
  let total = 0;
  for (const [value, count] of Object.entries(by)) {
    const status = style.status(value);
    const look = status ? statusLook(status) : null;
    const token = look ? `m-${look.tone}` : 'edge';
    const part = parts.get(token) ?? { share: 0, weight: look?.weight ?? 0 };
    parts.set(token, { share: part.share + count, weight: Math.max(part.weight, look?.weight ?? 0) });
    total += count;
  }
  // One alarm among fifty is a hair of the ring: what is bad is given room to be seen.
  for (const part of parts.values()) if (part.weight > 2) part.share = Math.max(part.share, total / 12);
  const whole = [...parts.values()].reduce((sum, { share }) => sum + share, 0) || 1;
  return [...parts]
    .sort(([, a], [, b]) => b.weight - a.weight)
    .map(([token, part]) => ({ token, share: part.share / whole }));
}
