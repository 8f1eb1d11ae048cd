/** Photos and documents that show what was done: sent as they are picked, named by the reply afterwards. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ApiError } from '../../../core/api';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { uploadDocument, uploadPhoto } from '../api';
import { opened } from '../store';
import { c } from '../words';
import { put, values } from './doing';
import type { Field } from './fields';

interface Picked {
  name: string;
  url: string;
  id: number;
  why: string;
}

const KINDS = {
  photos: {
    accept: 'image/*,.heic,.heif',
    icon: 'camera',
    words: () => [c.addPhotos, c.photosHint],
    upload: (file: File) => uploadPhoto(file, c.evidenceAlt),
  },
  documents: {
    accept: '.pdf,.docx,.xlsx,.txt,.csv',
    icon: 'plus',
    words: () => [c.addDocuments, c.documentsHint],
    upload: (file: File) => uploadDocument(opened.state.peek().data?.order?.row.id ?? 0, file),
  },
};

export function FileField({ field }: { field: Field }) {
  const id = useId();
  const kind = KINDS[field.kind === 'documents' ? 'documents' : 'photos'];
  const [title, hint] = kind.words();
  const picked = useSignal<Picked[]>([]);
  const sending = useSignal(0);
  const told = () =>
    put(
      field.name,
      picked.peek().flatMap((one) => (one.id ? [one.id] : [])),
    );
  const add = async (file: File) => {
    const one: Picked = { name: file.name, url: URL.createObjectURL(file), id: 0, why: '' };
    sending.value++;
    try {
      one.id = (await kind.upload(file)).id;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      one.why = error.offline ? t.offline : error.message;
    }
    sending.value--;
    picked.value = [...picked.value, one];
    told();
  };
  const drop = (url: string) => {
    URL.revokeObjectURL(url);
    picked.value = picked.value.filter((one) => one.url !== url);
    told();
  };
  const count = ((values.value[field.name] as number[] | undefined) ?? []).length;
  return (
    <div>
      <p class="lab">{field.label}</p>
      <input
        id={id}
        class="sr"
        type="file"
        multiple
        accept={kind.accept}
        onChange={({ currentTarget }) => {
          for (const file of currentTarget.files ?? []) void add(file);
          currentTarget.value = '';
        }}
      />
      <label for={id} class="btn soft sm">
        <Icon name={kind.icon} size="s" />
        {title}
      </label>
      <p class="hint" role="status">
        {sending.value > 0 ? c.sendingPhotos(sending.value) : count > 0 ? c.photosReady(count) : hint}
      </p>
      <ul class="picked">
        {picked.value.map(({ name, url, why }) => (
          <li key={url}>
            {field.kind === 'photos' ? <img src={url} alt={name} width="72" height="54" /> : <span>{name}</span>}
            {why && <span class="error">{why}</span>}
            <button type="button" class="x" aria-label={c.dropPhoto(name)} onClick={() => drop(url)}>
              <Icon name="close" size="xs" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
