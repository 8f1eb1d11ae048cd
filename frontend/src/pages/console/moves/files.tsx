/** Files that go with a move: sent as they are picked; the move names them by what the upload was answered with. */

import { useSignal } from '@preact/signals';
import { ApiError } from '../../../core/api';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { FilePicker, PHOTOS } from '../../../core/ui/FilePicker';
import { uploadPhoto } from '../../../incidents/api';
import { uploadDocument, uploadEvidence } from '../api';
import { opened } from '../store';
import { c } from '../words';
import { put, values } from './doing';
import type { Field } from './fields';

type Key = number | string;

interface Picked {
  name: string;
  /** Of the file on this device. */
  url: string;
  /** What the server knows it by; null for what it refused. */
  key: Key | null;
  why: string;
}

interface FileKind {
  accept: string;
  icon: string;
  words: () => [title: string, hint: string];
  upload: (file: File) => Promise<Key>;
}

/** Staff answer for photos of work; those of a reporter are moderated; documents wait for the reply. */
const KINDS: Record<'photos' | 'tokens' | 'documents', FileKind> = {
  photos: {
    accept: PHOTOS,
    icon: 'camera',
    words: () => [c.addPhotos, c.photosHint],
    upload: async (file) => (await uploadEvidence(file, c.evidenceAlt)).id,
  },
  tokens: {
    accept: PHOTOS,
    icon: 'camera',
    words: () => [c.addPhotos, c.tokensHint],
    upload: async (file) => (await uploadPhoto(file, file.name, () => undefined, new AbortController().signal)).token,
  },
  documents: {
    accept: '.pdf,.docx,.xlsx,.txt,.csv',
    icon: 'plus',
    words: () => [c.addDocuments, c.documentsHint],
    upload: async (file) => (await uploadDocument(opened.state.peek().data?.order?.row.id ?? 0, file)).id,
  },
};

async function sent(file: File, { upload }: FileKind): Promise<Pick<Picked, 'key' | 'why'>> {
  try {
    return { key: await upload(file), why: '' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { key: null, why: error.offline ? t.offline : error.message };
  }
}

export function FileField({ field }: { field: Field }) {
  const kind = KINDS[field.kind as keyof typeof KINDS];
  const [title, hint] = kind.words();
  const picked = useSignal<Picked[]>([]);
  const sending = useSignal(0);
  const tell = (now: Picked[]) => {
    picked.value = now;
    put(
      field.name,
      now.flatMap(({ key }) => key ?? []),
    );
  };
  const add = async (file: File) => {
    sending.value++;
    const url = URL.createObjectURL(file);
    const told = await sent(file, kind);
    sending.value--;
    tell([...picked.peek(), { name: file.name, url, ...told }]);
  };
  const drop = (gone: Picked) => {
    URL.revokeObjectURL(gone.url);
    tell(picked.peek().filter((one) => one !== gone));
  };
  const count = ((values.value[field.name] as unknown[] | undefined) ?? []).length;
  return (
    <div>
      <p class="lab">{field.label}</p>
      <FilePicker
        title={title}
        icon={kind.icon}
        look="btn soft sm"
        accept={kind.accept}
        take={(files) => files.map(add)}
      />
      <p class="hint" role="status">
        {sending.value > 0 ? c.sendingFiles(sending.value) : count > 0 ? c.filesReady(count) : hint}
      </p>
      <ul class="picked">
        {picked.value.map((one) => (
          <li key={one.url}>
            {kind.accept === PHOTOS ? (
              <img src={one.url} alt={one.name} width="72" height="54" />
            ) : (
              <span>{one.name}</span>
            )}
            {one.why && <span class="error">{one.why}</span>}
            <button type="button" class="x" aria-label={c.dropFile(one.name)} onClick={() => drop(one)}>
              <Icon name="close" size="xs" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
