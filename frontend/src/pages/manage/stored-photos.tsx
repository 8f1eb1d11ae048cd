/** Photos that are stored: a tap opens what is said about one, to change it or to take the photo away. */

import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { date, distance } from '../../core/format';
import { say } from '../../core/ui/toast';
import { projects } from './api';
import { Editor } from './editor';
import { SelectField, TextField } from './fields';
import { attempt, type Form, type Values } from './form';
import { type ConflictWork, useRecord } from './record';
import type { FacilityPhoto, FormOptions, ProjectPhoto } from './types';
import { FAR_M } from './upload';
import { m } from './words';

/** Moves the keyboard into the form when it opens, and back to the picture when it closes. */
function useFollowing(open: boolean) {
  const card = useRef<HTMLLIElement>(null);
  const was = useRef(open);
  useEffect(() => {
    if (was.current !== open) card.current?.querySelector<HTMLElement>(open ? '.inp' : '.pic')?.focus();
    was.current = open;
  }, [open]);
  return card;
}

interface CardProps {
  photo: ProjectPhoto | FacilityPhoto;
  /** Null where the person may only look. */
  open: Signal<boolean> | null;
  facts: ComponentChildren;
  /** Shown while the card is open. */
  children: ComponentChildren;
}

/** A stored photo. Where it may be changed the whole picture is the button that opens its form. */
export function PhotoCard({ photo, open, facts, children }: CardProps) {
  const isOpen = Boolean(open?.value);
  const card = useFollowing(isOpen);
  const picture = (
    <>
      <img src={photo.thumb} alt={photo.alt} loading="lazy" width="160" height="120" />
      <span class="f13">
        {photo.caption && <b>{photo.caption} </b>}
        {photo.taken_on && <span class="nw">{date(photo.taken_on)} </span>}
        {facts}
      </span>
    </>
  );
  const show = () => {
    if (open) open.value = true;
  };
  return (
    <li class={isOpen ? 'stored open' : 'stored'} ref={card}>
      {open && !isOpen ? (
        <button type="button" class="pic" onClick={show}>
          {picture}
          <span class="link f13">{m.change}</span>
        </button>
      ) : (
        <div class="pic">{picture}</div>
      )}
      {isOpen && children}
    </li>
  );
}

interface CardEditorProps<V extends Values> {
  record: { form: Form<V>; save: () => Promise<void>; conflict: ConflictWork };
  /** What the photo is called when the person is asked whether to remove it. */
  what: string;
  remove: () => Promise<unknown>;
  close: () => void;
  children: ComponentChildren;
}

/** The form in an open card: saved, closed or the photo taken away; asks before something is lost. */
export function CardEditor<V extends Values>({ record, what, remove, close, children }: CardEditorProps<V>) {
  const { form } = record;
  const leave = () => {
    if (!form.dirty.value || confirm(m.leaveSure)) close();
  };
  const takeAway = async () => {
    if (confirm(m.removeSure(what)) && (await attempt(remove))) say(m.saved);
  };
  const extra = (
    <>
      <button type="button" class="btn" onClick={leave}>
        {m.cancel}
      </button>
      <button type="button" class="btn" onClick={() => void takeAway()}>
        {m.remove}
      </button>
    </>
  );
  return (
    <Editor {...record} isNew={false} extra={extra}>
      {children}
    </Editor>
  );
}

const valuesOf = ({ caption, caption_en, alt, alt_en, taken_on, moment }: ProjectPhoto) => ({
  caption,
  caption_en,
  alt,
  alt_en,
  taken_on,
  moment,
});
type PhotoValues = ReturnType<typeof valuesOf>;

interface StoredProps {
  project: string;
  options: FormOptions;
  reload: () => Promise<void>;
}

function Fields({ form, options }: { form: Form<PhotoValues>; options: FormOptions }) {
  return (
    <div>
      <TextField form={form} name="caption" label={m.photoCaption} longest={120} />
      <TextField form={form} name="caption_en" label={m.inEnglish(m.photoCaption)} longest={240} />
      <TextField form={form} name="alt" label={m.photoAlt} longest={200} />
      <TextField form={form} name="alt_en" label={m.inEnglish(m.photoAlt)} longest={400} />
      <div class="pair">
        <TextField form={form} name="taken_on" label={m.photoTaken} type="date" required />
        <SelectField form={form} name="moment" label={m.photoMoment} options={options.moments} />
      </div>
    </div>
  );
}

function PhotoForm({
  photo,
  project,
  options,
  reload,
  close,
}: StoredProps & { photo: ProjectPhoto; close: () => void }) {
  const record = useRecord<ProjectPhoto, PhotoValues>({
    loaded: photo,
    empty: valuesOf(photo),
    valuesOf,
    get: async () => (await projects.photos(project)).find(({ id }) => id === photo.id) ?? photo,
    write: (of, read) => projects.changePhoto(photo.id, { ...of.changes(), version: read?.version }),
    taken() {
      close();
      void reload();
    },
    words: () => ({
      caption: m.photoCaption,
      caption_en: m.inEnglish(m.photoCaption),
      alt: m.photoAlt,
      alt_en: m.inEnglish(m.photoAlt),
      taken_on: m.photoTaken,
      moment: [m.photoMoment, (value) => options.moments.find(({ key }) => key === value)?.title ?? String(value)],
    }),
  });
  const remove = async () => {
    await projects.removePhoto(photo.id);
    await reload();
  };
  return (
    <CardEditor record={record} what={photo.caption || date(photo.taken_on)} remove={remove} close={close}>
      <Fields form={record.form} options={options} />
    </CardEditor>
  );
}

function StoredPhoto({ photo, ...rest }: StoredProps & { photo: ProjectPhoto }) {
  const open = useSignal(false);
  const close = () => {
    open.value = false;
  };
  const far = photo.off_m !== null && photo.off_m > FAR_M && m.photoFar(distance(photo.off_m));
  const facts = (
    <>
      <span class="mut nw">{m.photoState[photo.state]}</span>
      {far && <span class="status soon">{far}</span>}
    </>
  );
  return (
    <PhotoCard photo={photo} open={photo.may_edit ? open : null} facts={facts}>
      <PhotoForm photo={photo} close={close} {...rest} />
    </PhotoCard>
  );
}

export function StoredPhotos({ photos, ...rest }: StoredProps & { photos: ProjectPhoto[] }) {
  if (!photos.length) return <p class="mut">{m.photosNone}</p>;
  return (
    <ul class="storedlist">
      {photos.map((photo) => (
        <StoredPhoto key={photo.id} photo={photo} {...rest} />
      ))}
    </ul>
  );
}
