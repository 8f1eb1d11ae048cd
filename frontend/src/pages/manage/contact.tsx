/** One contact or supervision phone. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { contacts } from './api';
import { Editor, EditorHead } from './editor';
import { CheckField, Fieldset, type Option, SelectField, TextField, titleOf } from './fields';
import type { Form } from './form';
import { saves } from './list';
import { useRecord, type Words } from './record';
import type { Contact, ContactInput } from './types';
import { m } from './words';

interface ContactValues extends Record<string, unknown> {
  kind: string;
  place: string;
  title: string;
  duty: string;
  number: string;
  mobile: string;
  hours: string;
  order: string;
  is_published: boolean;
}

const valuesOf = (contact: Contact | null): ContactValues => ({
  kind: contact?.kind ?? 'contact',
  place: contact?.place.code ?? '',
  title: contact?.title ?? '',
  duty: contact?.duty ?? '',
  number: contact?.number ?? '',
  mobile: contact?.mobile ?? '',
  hours: contact?.hours ?? '',
  order: String(contact?.order ?? 100),
  is_published: contact?.is_published ?? true,
});

const words = (places: Option[]) => (): Words => ({
  kind: [m.contactKind, (value) => m.contactKinds[String(value)] ?? String(value)],
  place: [m.placeOf, (value) => titleOf(places, value)],
  title: m.contactTitle,
  duty: m.duty,
  number: m.number,
  mobile: m.mobile,
  hours: m.answerHours,
  order: m.order,
  is_published: [m.published, (value) => (value ? m.yes : m.no)],
});

function Facts({ form, places }: { form: Form<ContactValues>; places: Option[] }) {
  const kinds = Object.entries(m.contactKinds).map(([key, title]) => ({ key, title }));
  return (
    <Fieldset title={m.basics}>
      <SelectField form={form} name="kind" label={m.contactKind} options={kinds} />
      <SelectField form={form} name="place" label={m.placeOf} options={places} empty={m.choosePlease} required />
      <TextField form={form} name="title" label={m.contactTitle} hint={m.contactTitleHint} longest={60} required />
      <TextField form={form} name="duty" label={m.duty} longest={120} />
      <TextField
        form={form}
        name="number"
        label={m.number}
        hint={m.supervisionPhoneHint}
        type="tel"
        longest={30}
        required
      />
      <TextField form={form} name="mobile" label={m.mobile} type="tel" longest={30} hidden />
      <TextField form={form} name="hours" label={m.answerHours} longest={60} />
      <TextField form={form} name="order" label={m.order} hint={m.orderHint} type="number" step="1" />
      <CheckField form={form} name="is_published" label={m.published} hint={m.publishedHint} />
    </Fieldset>
  );
}

function ContactForm({
  loaded,
  places,
  changed,
}: {
  loaded: Contact | null;
  places: Option[];
  changed: (next: Contact) => void;
}) {
  const id = String(loaded?.id ?? '');
  const { form, save, conflict, version } = useRecord<Contact, ContactValues>({
    loaded,
    empty: valuesOf(null),
    valuesOf,
    versionOf: (row) => row.version,
    get: () => contacts.get(id),
    write(of, read) {
      const changes = of.changes();
      const body = { ...changes, ...('order' in changes && { order: Number(changes.order) }), version: read };
      if (loaded) return contacts.update(id, body);
      return contacts.create({ ...of.values.value, order: Number(of.values.value.order) } as ContactInput);
    },
    taken(next) {
      if (loaded) changed(next);
      else openScreen(`contacts/${next.id}`);
    },
    words: words(places),
  });
  const remove = async () => {
    if (!loaded || !confirm(m.removeSure(form.values.value.title))) return;
    const gone = await form.run(() => contacts.remove(id, version() ?? 0));
    if (!gone) return;
    form.reset(form.values.value);
    saves.value++;
    say(m.saved);
    openScreen('contacts');
  };
  const extra = loaded && (
    <button type="button" class="btn" onClick={() => void remove()}>
      {m.remove}
    </button>
  );
  return (
    <Editor form={form} isNew={!loaded} save={save} extra={extra} conflict={conflict}>
      <Facts form={form} places={places} />
    </Editor>
  );
}

export function ContactScreen({ id, places }: { id: string; places: Option[] }) {
  const loaded = useSignal<Contact | null>(null);
  const trouble = useSignal('');
  useEffect(() => {
    if (id === 'new') return;
    contacts.get(id).then(
      (next) => {
        loaded.value = next;
      },
      (error: unknown) => {
        trouble.value = error instanceof ApiError && error.message ? error.message : t.failed(m.contacts);
      },
    );
  }, [id]);
  const changed = (next: Contact) => {
    loaded.value = next;
  };
  if (trouble.value) return <p class="note late">{trouble.value}</p>;
  if (id !== 'new' && !loaded.value) return <Skeleton />;
  return (
    <>
      <EditorHead title={loaded.value?.title ?? m.newContact} back="contacts" />
      <ContactForm loaded={loaded.value} places={places} changed={changed} />
    </>
  );
}
