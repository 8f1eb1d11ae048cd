/** Photos of a facility: captions, order of adding, and new ones. */

import { useSignal } from '@preact/signals';
import { ApiError } from '../../core/api';
import { FilePicker } from '../../core/ui/FilePicker';
import { say } from '../../core/ui/toast';
import { type FacilityFeature, facilities } from './api';
import { Fieldset, TextField } from './fields';
import { attempt } from './form';
import { useRecord } from './record';
import { CardEditor, PhotoCard } from './stored-photos';
import type { FacilityPhoto } from './types';
import { m } from './words';

interface Captioned {
  id: number;
  caption: string;
  caption_en: string;
}

const NOTHING_SAID = { caption: '', caption_en: '' };

const kept = ({ properties }: FacilityFeature): Captioned[] =>
  properties.photos.map(({ id, caption, caption_en }) => ({ id, caption, caption_en }));

const put = (facility: FacilityFeature, photos: Captioned[]) =>
  facilities.putPhotos(String(facility.id), facility.properties.version, photos);

interface PhotosProps {
  loaded: FacilityFeature;
  changed: (next: FacilityFeature) => void;
}

function CaptionForm({ photo, loaded, changed, close }: PhotosProps & { photo: FacilityPhoto; close: () => void }) {
  const record = useRecord<FacilityFeature, typeof NOTHING_SAID>({
    loaded,
    empty: NOTHING_SAID,
    valuesOf(row) {
      const { caption, caption_en } = kept(row).find(({ id }) => id === photo.id) ?? NOTHING_SAID;
      return { caption, caption_en };
    },
    get: () => facilities.get(String(loaded.id)),
    write(of, read) {
      const from = read ?? loaded;
      return put(
        from,
        kept(from).map((one) => (one.id === photo.id ? { ...one, ...of.values.value } : one)),
      );
    },
    taken(next) {
      close();
      changed(next);
    },
    words: () => ({ caption: m.photoCaption, caption_en: m.inEnglish(m.photoCaption) }),
  });
  const remove = async () => {
    const rest = kept(loaded).filter(({ id }) => id !== photo.id);
    changed(await put(loaded, rest));
  };
  return (
    <CardEditor record={record} what={photo.caption || photo.alt} remove={remove} close={close}>
      <TextField form={record.form} name="caption" label={m.photoCaption} longest={120} />
      <TextField form={record.form} name="caption_en" label={m.inEnglish(m.photoCaption)} longest={240} />
    </CardEditor>
  );
}

function Stored({ photo, ...rest }: PhotosProps & { photo: FacilityPhoto }) {
  const open = useSignal(false);
  const close = () => {
    open.value = false;
  };
  return (
    <PhotoCard photo={photo} open={open} facts={null}>
      <CaptionForm photo={photo} close={close} {...rest} />
    </PhotoCard>
  );
}

function Add({ loaded, changed }: PhotosProps) {
  const why = useSignal('');
  const add = async (files: File[]) => {
    const added: Captioned[] = [];
    const refused: string[] = [];
    for (const [index, file] of files.entries()) {
      try {
        added.push({ id: (await facilities.uploadPhoto(file, loaded.properties.name)).id, ...NOTHING_SAID });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push(`${m.photoNth(index + 1)}: ${error.message}`);
      }
    }
    if (added.length) {
      const done = await attempt(async () => changed(await put(loaded, [...kept(loaded), ...added])));
      if (done) say(m.saved);
    }
    why.value = refused.join(' ');
  };
  return (
    <>
      <FilePicker title={m.photosTake} icon="photo" look="btn soft" take={add} />
      {why.value && (
        <p class="error" role="alert">
          {why.value}
        </p>
      )}
      <p class="hint">{m.photosHelp}</p>
    </>
  );
}

export function FacilityPhotos(props: PhotosProps) {
  return (
    <Fieldset title={m.tabPhotos}>
      <ul class="storedlist">
        {props.loaded.properties.photos.map((photo) => (
          <Stored key={photo.id} photo={photo} {...props} />
        ))}
      </ul>
      <Add {...props} />
    </Fieldset>
  );
}
