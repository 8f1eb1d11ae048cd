/** One contact or supervision phone. */

import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { contacts } from './api';
import { differences, Editor, EditorHead } from './editor';
import { CheckField, type Option, SelectField, TextField } from './fields';
import { createForm, type Form } from './form';
import { saves } from './list';
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

const labels = () => ({
  kind: m.contactKind,
  title: m.contactTitle,
  duty: m.duty,
  number: m.number,
  mobile: m.mobile,
  hours: m.answerHours,
  order: m.order,
  is_published: m.published,
});

function Facts({ form, places }: { form: Form<ContactValues>; places: Option[] }) {
  const kinds = Object.entries(m.contactKinds).map(([key, title]) => ({ key, title }));
  return (
    <>
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
    </>
  );
}

function ContactForm({ loaded, places }: { loaded: Contact | null; places: Option[] }) {
  const form = useMemo(() => createForm(valuesOf(loaded)), [loaded?.id]);
  const version = useSignal(loaded?.version ?? 0);
  const theirs = useSignal<Contact | null>(null);
  const save = async () => {
    const changes = form.changes();
    const body = { ...changes, ...('order' in changes && { order: Number(changes.order) }) };
    const next = loaded
      ? await contacts.update(String(loaded.id), { ...body, version: version.value })
      : await contacts.create({ ...form.values.value, order: Number(form.values.value.order) } as ContactInput);
    form.reset(valuesOf(next));
    version.value = next.version;
    theirs.value = null;
    saves.value++;
    if (!loaded) openScreen(`contacts/${next.id}`);
  };
  const look = async () => {
    theirs.value = loaded && (await contacts.get(String(loaded.id)));
  };
  const mine = async () => {
    version.value = (loaded && (await contacts.get(String(loaded.id))).version) ?? 0;
    await form.run(save);
  };
  const remove = async () => {
    if (!loaded || !confirm(m.removeSure(form.values.value.title))) return;
    const gone = await form.run(() => contacts.remove(String(loaded.id), version.value));
    if (!gone) return;
    form.reset(form.values.value);
    saves.value++;
    say(m.saved);
    openScreen('contacts');
  };
  const shown = theirs.value && loaded ? differences(valuesOf(loaded), valuesOf(theirs.value), labels()) : null;
  const extra = loaded && (
    <button type="button" class="btn" onClick={() => void remove()}>
      {m.remove}
    </button>
  );
  return (
    <Editor
      form={form}
      isNew={!loaded}
      save={save}
      extra={extra}
      conflict={{ look: () => void look(), mine: () => void mine(), theirs: shown }}
    >
      <Facts form={form} places={places} />
    </Editor>
  );
}

export function ContactScreen({ id, places }: { id: string; places: Option[] }) {
  const loaded = useSignal<Contact | null>(null);
  const trouble = useSignal('');
  useEffect(() => {
    loaded.value = null;
    trouble.value = '';
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
  if (trouble.value) return <p class="note late">{trouble.value}</p>;
  if (id !== 'new' && !loaded.value) return <Skeleton />;
  return (
    <>
      <EditorHead title={loaded.value?.title ?? m.newContact} back="contacts" />
      <ContactForm key={id} loaded={loaded.value} places={places} />
    </>
  );
}
