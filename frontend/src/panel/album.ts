/** The photos of a place or of one project there, newest first, as far as they are turned over; and pairs of them. */

import { type Signal, signal } from '@preact/signals';
import { getJson } from '../core/api';
import type { PhotoAlbum, ProjectPhoto } from '../core/types';

type Projects = PhotoAlbum['projects'];

export class Album {
  readonly photos: Signal<ProjectPhoto[]>;
  readonly projects = signal<Projects>([]);
  readonly phase = signal<'ready' | 'loading' | 'failed'>('ready');
  private running: Promise<void> | undefined;

  constructor(
    private readonly place: string,
    known: ProjectPhoto[],
    readonly total: number,
    private readonly project = 0,
  ) {
    this.photos = signal(known);
    this.projects.value = projectsOf(known);
  }

  get whole(): boolean {
    return this.photos.value.length >= this.total;
  }

  /** Turns one page over; whoever asks meanwhile waits for the same page. */
  more(): Promise<void> {
    this.running ??= this.turn().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** The same place, one project only. */
  of(project: number): Album {
    const known = this.photos.peek().filter((photo) => photo.project.id === project);
    return new Album(this.place, known, this.projects.peek().find(({ id }) => id === project)?.count ?? 0, project);
  }

  private async turn(): Promise<void> {
    if (this.whole) return;
    const last = this.photos.peek().at(-1);
    // `next` of a page is the date and the key of its last photo.
    const after = last && `${last.taken_on}:${last.id}`;
    this.phase.value = 'loading';
    try {
      const query = { place: this.place, project: this.project || undefined, after };
      const page = await getJson<PhotoAlbum>('/api/projects/photos/', query);
      this.photos.value = [...this.photos.peek(), ...page.items];
      this.projects.value = page.projects;
      this.phase.value = 'ready';
    } catch {
      this.phase.value = 'failed';
    }
  }
}

function projectsOf(photos: ProjectPhoto[]): Projects {
  const found = new Map<number, Projects[number]>();
  for (const { project } of photos) {
    const { count } = found.get(project.id) ?? { count: 0 };
    found.set(project.id, { ...project, count: count + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.id - b.id);
}

export interface Pair {
  before: ProjectPhoto;
  later: ProjectPhoto;
  /** Whether the works are over in the later one: then both were taken to be compared. */
  over: boolean;
}

/**
 * One pair for each project and village: the first photo before the works, and the newest after them (else during).
 * Photos nobody has placed, and such whose dates contradict their moments, make no pair.
 */
export function pairs(photos: ProjectPhoto[]): Pair[] {
  const sites = new Map<string, ProjectPhoto[]>();
  for (const photo of photos) {
    const key = photo.village && `${photo.project.id}:${photo.village}`;
    if (key) sites.set(key, [...(sites.get(key) ?? []), photo]);
  }
  const found = [...sites.values()].flatMap((site) => {
    const before = site.filter(({ moment }) => moment === 'before').at(-1);
    const after = site.find(({ moment }) => moment === 'after');
    const later = after ?? site.find(({ moment }) => moment === 'during');
    return before && later && before.taken_on < later.taken_on ? [{ before, later, over: later === after }] : [];
  });
  return found.sort((a, b) => Number(b.over) - Number(a.over));
}
