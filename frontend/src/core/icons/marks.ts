/**
 * Status marks, 16 px grid: shape first, words second, colour third. Drawn by the DOM and by the map's canvas
 * from the same strokes; colours are names of tokens.
 */

export interface Stroke {
  d: string;
  fill?: string;
  line?: string;
  width?: number;
  dash?: string;
}

const ring = (r: number) => `M8 ${8 - r}a${r} ${r} 0 1 0 0 ${2 * r}a${r} ${r} 0 1 0 0 ${-2 * r}Z`;

export const MARKS: Record<string, Stroke[]> = {
  new: [{ d: ring(5.5), fill: 'surface', line: 'm-work', width: 2.2 }],
  work: [
    { d: ring(5.9), fill: 'surface', line: 'm-work', width: 1.8 },
    { d: 'M8 2.1a5.9 5.9 0 0 1 0 11.8Z', fill: 'm-work' },
  ],
  soon: [{ d: 'M8 1.8 15 14H1L8 1.8Z', fill: 'm-soon', line: 'm-line', width: 1.2 }],
  late: [
    { d: 'M8 .6 15.4 8 8 15.4.6 8Z', fill: 'm-late' },
    { d: 'M8 4.2v4.6M8 11.4v.01', line: 'surface', width: 1.8 },
  ],
  done: [
    {
      d: 'M5 1.5h6a3.5 3.5 0 0 1 3.5 3.5v6a3.5 3.5 0 0 1-3.5 3.5H5a3.5 3.5 0 0 1-3.5-3.5V5A3.5 3.5 0 0 1 5 1.5Z',
      fill: 'm-done',
    },
    { d: 'm4.6 8.2 2.4 2.4 4.4-4.8', line: 'surface', width: 2 },
  ],
  pause: [
    {
      d: 'M3.7 2h1.6a1.2 1.2 0 0 1 1.2 1.2v9.6A1.2 1.2 0 0 1 5.3 14H3.7a1.2 1.2 0 0 1-1.2-1.2V3.2A1.2 1.2 0 0 1 3.7 2ZM10.7 2h1.6a1.2 1.2 0 0 1 1.2 1.2v9.6a1.2 1.2 0 0 1-1.2 1.2h-1.6a1.2 1.2 0 0 1-1.2-1.2V3.2A1.2 1.2 0 0 1 10.7 2Z',
      fill: 'm-pause',
    },
  ],
  back: [
    { d: 'M6.5 8h3.2a2.8 2.8 0 0 1 0 5.5H8', line: 't-back', width: 2 },
    { d: 'M6.5 2 1.5 6.5l5 4.5Z', fill: 'm-back', line: 't-back', width: 1.5 },
  ],
  off: [
    { d: ring(5.5), line: 'm-pause', width: 1.8, dash: '2.5 2' },
    { d: 'M3.5 12.5l9-9', line: 'm-pause', width: 1.8 },
  ],
  down: [{ d: 'M8 14.5 2 7h3.7V1.5h4.6V7H14Z', fill: 'm-late' }],
  even: [{ d: 'M2 5.5h12M2 10.5h12', line: 'm-pause', width: 2.4 }],
  ok: [{ d: ring(5), fill: 'm-done' }],
};

/** Look of a status: its mark, its family of colours, and how bad it is (worst is drawn on top, listed first). */
export interface StatusLook {
  mark: keyof typeof MARKS;
  tone: 'work' | 'soon' | 'late' | 'done' | 'back' | 'pause';
  weight: number;
}

export const LOOKS: Record<string, StatusLook> = {
  late: { mark: 'late', tone: 'late', weight: 5 },
  backward: { mark: 'down', tone: 'late', weight: 4 },
  stopped: { mark: 'pause', tone: 'pause', weight: 3 },
  soon: { mark: 'soon', tone: 'soon', weight: 2 },
  work: { mark: 'work', tone: 'work', weight: 1 },
  normal: { mark: 'ok', tone: 'done', weight: 0 },
  planned: { mark: 'new', tone: 'work', weight: 0 },
  cancelled: { mark: 'off', tone: 'pause', weight: 0 },
  done: { mark: 'done', tone: 'done', weight: 0 },
  back: { mark: 'back', tone: 'back', weight: 2 },
};

export function statusLook(status: string): StatusLook {
  return LOOKS[status] ?? { mark: 'even', tone: 'pause', weight: 0 };
}
