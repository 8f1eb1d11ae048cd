/** Strokes of the visual language: 24 px grid, no fill. Add a name here when a page starts to use it. */
export const ICONS = {
  map: 'M9 4 3.5 6v14L9 18l6 2 5.5-2V4L15 6 9 4ZM9 4v14M15 6v14',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01',
  board: 'M4 20h16M6.5 20v-6M12 20V6M17.5 20v-9.5',
  track: 'M6 3.5h9l4 4V12M6 3.5v17h5M9 9h5M9 13h3M16.5 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM18.8 19.2l2.2 2.3',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  pin: 'M12 21s-7-6.2-7-11.2A7 7 0 0 1 19 9.8C19 14.8 12 21 12 21ZM12 12.3a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  search: 'M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6ZM15.8 15.8 20.5 20.5',
  layers: 'm12 3.5 9 4.8-9 4.8-9-4.8 9-4.8ZM3.6 12.5 12 17l8.4-4.5M3.6 16.5 12 21l8.4-4.5',
  locate:
    'M12 18.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M12 13.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4Z',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5 7.5 12l7 7',
  next: 'M9.5 5l7 7-7 7',
  down: 'M5 9.5l7 7 7-7',
  phone:
    'M6.2 3.5h3l1.6 4.2-2 1.5a12 12 0 0 0 6 6l1.5-2 4.2 1.6v3a2 2 0 0 1-2.2 2A16.3 16.3 0 0 1 4.2 5.7a2 2 0 0 1 2-2.2Z',
  photo: 'M4 5h16v14H4V5ZM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.5h.01',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17.2h.01',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5M12 8h.01',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  village: 'M3.5 20V11L9 6.5l5.5 4.5v9M3.5 20h17M14.5 13h6v7M7.5 20v-4.5h3V20',
  road: 'M8 3.5 4.5 20.5M16 3.5l3.5 17M12 4v3M12 10.5v3M12 17v3',
  toilet: 'M7 4.5h.01M17 4.5h.01M5 20v-6H4l1.5-6h3L10 14H9v6M15 20v-5M19 20v-5M14.5 8h5l.8 7h-6.6l.8-7ZM12 3.5v17',
  bus: 'M5 4.5h14v13H5v-13ZM5 11.5h14M8 17.5V20M16 17.5V20M8 14.5h.01M16 14.5h.01',
  clinic: 'M4 6h16v14H4V6ZM12 9.5v7M8.5 13h7',
  school: 'M2.5 9 12 4.5 21.5 9 12 13.5 2.5 9ZM6.5 11.2v5.3c3 2.2 8 2.2 11 0v-5.3M21.5 9v5',
  book: 'M12 6.5c-2.4-1.7-5.4-2-8.5-1.5v13c3-.5 6-.2 8.5 1.5 2.5-1.7 5.5-2 8.5-1.5V5c-3.1-.5-6.1-.2-8.5 1.5ZM12 6.5v13',
  shelter: 'M2.5 12 12 4l9.5 8M6 10v10h12V10M12 20v-6M9 16.5l3-2.5 3 2.5',
  agent:
    'M8.5 11a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6ZM2.5 20c0-3.8 2.5-6 6-6 1.4 0 2.6.3 3.6.9M14 17.5l2.5 2.5 5-5',
  charge: 'M5 20V5h8v15M3.5 20h11M13 11h2.5v5.5a1.7 1.7 0 0 0 3.4 0V9L16.5 6.5M9.5 8l-2 4h3l-2 4',
  hall: 'M3 9.5 12 4l9 5.5H3ZM5.5 9.5V18M10 9.5V18M14 9.5V18M18.5 9.5V18M3 20.5h18',
  lamp: 'M7 20.5V7a3.5 3.5 0 0 1 7 0M4.5 20.5h5M10.5 9.5h7a3.5 3.5 0 0 0-7 0ZM14 13v2.5M11 12.5l-.8 2M17 12.5l.8 2',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M5.5 12v8h13v-8',
  ruler: 'M4 16.5 16.5 4l3.5 3.5L7.5 20 4 16.5ZM7.5 13l2 2M10.5 10l2 2M13.5 7l2 2',
  type: 'M3 18.5 8 6l5 12.5M4.8 14.5h6.4M15 18.5l3-8 3 8M16 16h4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  globe: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  offline: 'M4 4l16 16M7.5 9.2A4.5 4.5 0 0 0 7.5 18H17M19.7 16.8A3.8 3.8 0 0 0 17.5 10a5.5 5.5 0 0 0-6.8-3.7',
  print: 'M7 8.5V4h10v4.5M7 16.5H4v-8h16v8h-3M7 14h10v6.5H7V14Z',
  dl: 'M12 4v11M8 11.5l4 4 4-4M5 20h14',
  water: 'M12 3.5s6.5 6.8 6.5 11a6.5 6.5 0 0 1-13 0c0-4.2 6.5-11 6.5-11Z',
  trash: 'M4.5 7h15M9 7V4h6v3M6.5 7l1 13.5h9l1-13.5M10 11v5.5M14 11v5.5',
  pipe: 'M3.5 9h9a3 3 0 0 1 3 3v8.5M3.5 15h5a1 1 0 0 1 1 1v4.5M3.5 6.5v11M7 20.5h11',
  users:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.8 2.5-6 6.5-6s6.5 2.2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.5c2.5.7 4 2.6 4 5.5',
  user: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20.5c0-4 3.2-6.5 8-6.5s8 2.5 8 6.5',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19 4 20ZM13.5 7l3.5 3.5',
  calendar: 'M4 6h16v14H4V6ZM4 10.5h16M8 3.5V7M16 3.5V7',
  level:
    'M3 13c1.5-1.4 3-1.4 4.5 0s3 1.4 4.5 0 3-1.4 4.5 0 3 1.4 4.5 0M3 18c1.5-1.4 3-1.4 4.5 0s3 1.4 4.5 0 3-1.4 4.5 0 3 1.4 4.5 0M12 10V3M9.5 5.5 12 3l2.5 2.5',
  manhole:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM7.5 12h9M12 7.5v9',
} as const;

export type IconName = keyof typeof ICONS;

export const isIcon = (name: string): name is IconName => name in ICONS;

/** Icons that only some pages use: they bring them. */
export const addIcons = (more: Record<string, string>): void => void Object.assign(ICONS, more);

/** The strokes of `name`, or a pin for a name this build does not know. */
export function strokes(name: string | null | undefined): string {
  return (ICONS as Record<string, string>)[name ?? ''] ?? ICONS.pin;
}
