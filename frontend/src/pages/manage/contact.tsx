/** One contact or supervision phone. */

import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { contacts } from './api';
import { CheckField, Fieldset, type Option, SelectField, TextField, titleOf } from './fields';
import type { Form } from './form';
import { RowForm, RowScreen, type Subject } from './frame';
import { saves } from './list';
import type { Words } from './record';
import type { Contact } from './types';
import { m } from './words';

const valuesOf = (contact: Contact | null) => ({
  kind: contact?.kind ?? 'contact',
  place: contact?.place.code ?? '',
  title: contact?.title ?? '',
  title_en: contact?.title_en ?? '',
  duty: contact?.duty ?? '',
  duty_en: contact?.duty_en ?? '',
  number: contact?.number ?? '',
  mobile: contact?.mobile ?? '',
  hours: contact?.hours ?? '',
  hours_en: contact?.hours_en ?? '',
  order: String(contact?.order ?? 100),
  is_published: contact?.is_published ?? true,
});

type ContactValues = ReturnType<typeof valuesOf>;

function bodyOf(form: Form<ContactValues>, read: Contact | null) {
  const values = read ? form.changes() : form.values.value;
  const { order } = values;
  return { ...values, ...(order !== undefined && { order: Number(order) }), ...(read && { version: read.version }) };
}

const words = (places: Option[]) => (): Words => ({
  kind: [m.contactKind, (value) => m.contactKinds[String(value)] ?? String(value)],
  place: [m.placeOf, (value) => titleOf(places, value)],
  title: m.contactTitle,
  title_en: m.inEnglish(m.contactTitle),
  duty: m.duty,
  duty_en: m.inEnglish(m.duty),
  number: m.number,
  mobile: m.mobile,
  hours: m.answerHours,
  hours_en: m.inEnglish(m.answerHours),
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
      <TextField form={form} name="title_en" label={m.inEnglish(m.contactTitle)} longest={120} />
      <TextField form={form} name="duty" label={m.duty} longest={120} />
      <TextField form={form} name="duty_en" label={m.inEnglish(m.duty)} longest={240} />
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
      <TextField form={form} name="hours_en" label={m.inEnglish(m.answerHours)} longest={120} />
      <TextField form={form} name="order" label={m.order} hint={m.orderHint} type="number" step="1" />
      <CheckField form={form} name="is_published" label={m.published} hint={m.publishedHint} />
    </Fieldset>
  );
}

function Remove({ form, read }: { form: Form<ContactValues>; read: () => Contact | null }) {
  const remove = async () => {
    const row = read();
    if (!row || !confirm(m.removeSure(row.title))) return;
    if (!(await form.run(() => contacts.remove(String(row.id), row.version)))) return;
    form.reset(form.values.value);
    saves.value++;
    say(m.saved);
    openScreen('contacts');
  };
  return (
    <button type="button" class="btn" onClick={() => void remove()}>
      {m.remove}
    </button>
  );
}

const subject = (places: Option[]): Subject<Contact, ContactValues> => ({
  path: 'contacts',
  title: m.contacts,
  newTitle: m.newContact,
  calls: contacts,
  empty: valuesOf(null),
  valuesOf,
  nameOf: ({ title }) => title,
  bodyOf,
  words: words(places),
});

export function ContactScreen({ id, places }: { id: string; places: Option[] }) {
  const of = subject(places);
  return (
    <RowScreen id={id} subject={of}>
      {(held) => (
        <RowForm subject={of} held={held} extra={(form, read) => <Remove form={form} read={read} />}>
          {(form) => <Facts form={form} places={places} />}
        </RowForm>
      )}
    </RowScreen>
  );
}
