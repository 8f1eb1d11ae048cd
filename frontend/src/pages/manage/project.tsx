/** One project on the screen: facts, progress, photos, notices; only the parts the person may change. */

import { screen } from '../../core/url';
import type { ProjectFeature } from './api';
import { leaveTo } from './editor';
import { type Held, RowScreen } from './frame';
import { Notices } from './notices';
import { Paste } from './paste';
import { Uploader } from './photos';
import { ProgressGrid } from './progress-grid';
import { ProjectForm, projectSubject } from './project-form';
import { Stage } from './stage';
import { StoredPhotos } from './stored-photos';
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

function Part({ now, held, options }: { now: string; held: Held<ProjectFeature>; options: FormOptions }) {
  const { loaded, changed, reload } = held;
  if (!loaded) return null;
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
          <StoredPhotos project={id} photos={properties.photos as ProjectPhoto[]} options={options} reload={reload} />
        </>
      );
    case 'notices':
      return <Notices project={loaded.id} list={properties.notices as Notice[]} options={options} reload={reload} />;
    default:
      return (
        <>
          <Stage loaded={loaded} changed={changed} />
          <ProjectForm held={held} options={options} />
        </>
      );
  }
}

/** The parts that are open to the person, one at a time. */
function Parts({
  loaded,
  held,
  options,
}: {
  loaded: ProjectFeature;
  held: Held<ProjectFeature>;
  options: FormOptions;
}) {
  const open = parts().filter(({ acts }) => acts.some((act) => loaded.properties.may.includes(act)));
  const asked = screen.value.split('/')[2] ?? '';
  const now = open.some(({ key }) => key === asked) ? asked : (open[0]?.key ?? '');
  return (
    <>
      <Tabs id={loaded.id} open={open} now={now} />
      {open.length > 0 && <Part key={now} now={now} held={held} options={options} />}
    </>
  );
}

export function ProjectScreen({ id, options }: { id: string; options: FormOptions }) {
  return (
    <RowScreen id={id} subject={projectSubject(options)}>
      {(held) =>
        held.loaded ? (
          <Parts loaded={held.loaded} held={held} options={options} />
        ) : (
          <ProjectForm held={held} options={options} />
        )
      }
    </RowScreen>
  );
}
