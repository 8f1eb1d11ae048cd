/** One project on the screen: facts, progress, photos, notices; only the parts the person may change. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Skeleton } from '../../core/ui/Notes';
import { screen } from '../../core/url';
import { type ProjectFeature, projects } from './api';
import { EditorHead, leaveTo } from './editor';
import { Notices } from './notices';
import { Paste } from './paste';
import { StoredPhotos, Uploader } from './photos';
import { ProgressGrid } from './progress-grid';
import { ProjectForm } from './project-form';
import { Stage } from './stage';
import type { FormOptions, Notice, ProjectPhoto } from './types';
import { m } from './words';

const parts = () => [
  { key: '', title: m.tabFacts, acts: ['update'] },
  { key: 'progress', title: m.tabProgress, acts: ['progress'] },
  { key: 'photos', title: m.tabPhotos, acts: ['photo_add', 'photo_edit'] },
  { key: 'notices', title: m.tabNotices, acts: ['notice'] },
];

function Tabs({ id, open, now }: { id: number; open: ReturnType<typeof parts>; now: string }) {
  return (
    <nav class="parts" aria-label={m.parts}>
      {open.map(({ key, title }) => (
        <button
          key={key}
          type="button"
          aria-current={key === now ? 'page' : undefined}
          onClick={() => leaveTo(key ? `projects/${id}/${key}` : `projects/${id}`)}
        >
          {title}
        </button>
      ))}
    </nav>
  );
}

function Part({
  now,
  loaded,
  options,
  changed,
  reload,
}: {
  now: string;
  loaded: ProjectFeature;
  options: FormOptions;
  changed: (next: ProjectFeature) => void;
  reload: () => Promise<void>;
}) {
  const { properties } = loaded;
  const id = String(loaded.id);
  switch (now) {
    case 'progress':
      return (
        <>
          <Paste id={id} stored={reload} />
          <ProgressGrid loaded={loaded} options={options} reload={reload} />
        </>
      );
    case 'photos':
      return (
        <>
          <Uploader fixed={id} options={options} done={reload} />
          <StoredPhotos photos={properties.photos as ProjectPhoto[]} reload={reload} />
        </>
      );
    case 'notices':
      return <Notices project={loaded.id} list={properties.notices as Notice[]} options={options} reload={reload} />;
    default:
      return (
        <>
          <Stage loaded={loaded} changed={changed} />
          <ProjectForm loaded={loaded} options={options} changed={changed} />
        </>
      );
  }
}

function publicLink({ id, properties }: ProjectFeature): string {
  const village = properties.line.village?.code;
  const target = village ? `village:${village}` : `projects:${id}`;
  return `/c/${boot.county}/?sel=${target}`;
}

export function ProjectScreen({ id, options }: { id: string; options: FormOptions }) {
  const loaded = useSignal<ProjectFeature | null>(null);
  const trouble = useSignal('');
  const load = async () => {
    try {
      loaded.value = await projects.get(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error.message || t.failed(m.projects);
    }
  };
  useEffect(() => {
    if (id !== 'new') void load();
  }, [id]);
  const changed = (next: ProjectFeature) => {
    loaded.value = next;
  };
  if (id === 'new') {
    return (
      <>
        <EditorHead title={m.newProject} back="projects" />
        <ProjectForm loaded={null} options={options} changed={changed} />
      </>
    );
  }
  if (trouble.value) return <p class="note late">{trouble.value}</p>;
  if (!loaded.value) return <Skeleton />;
  const open = parts().filter(({ acts }) => acts.some((act) => loaded.value?.properties.may.includes(act)));
  const asked = screen.value.split('/')[2] ?? '';
  const now = open.some(({ key }) => key === asked) ? asked : (open[0]?.key ?? '');
  return (
    <>
      <EditorHead title={loaded.value.properties.name} back="projects">
        <a class="link f14" href={publicLink(loaded.value)}>
          {m.publicMap}
        </a>
      </EditorHead>
      <Tabs id={loaded.value.id} open={open} now={now} />
      {open.length > 0 && (
        <Part key={`${id}/${now}`} now={now} loaded={loaded.value} options={options} changed={changed} reload={load} />
      )}
    </>
  );
}
