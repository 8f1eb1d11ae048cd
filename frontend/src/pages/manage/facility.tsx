/** One facility: facts, position, photos. */

import { type FacilityFeature, facilities, feature } from './api';
import { FacilityPhotos } from './facility-photos';
import { AreaField, CheckField, Fieldset, type Option, SelectField, TextField, titleOf } from './fields';
import type { Form } from './form';
import { RowForm, RowScreen, type Subject } from './frame';
import { type Positioned, PositionField, placeOf } from './position';
import type { Words } from './record';
import { m } from './words';

const SYSTEMS: Option[] = ['EPSG:4326', 'EPSG:4490', 'GCJ-02', 'BD-09'].map((key) => ({ key, title: key }));

const EMPTY = {
  name: '',
  name_en: '',
  code: '',
  category: '',
  status: 'open',
  hours: '',
  hours_en: '',
  phone: '',
  address: '',
  services: '',
  manager: '',
  manager_mobile: '',
  is_published: true,
  lon: '',
  lat: '',
  crs: 'EPSG:4326',
};
type FacilityValues = typeof EMPTY;

function valuesOf({ properties: p, geometry }: FacilityFeature): FacilityValues {
  return {
    name: p.name,
    name_en: p.name_en,
    code: p.code,
    category: p.category,
    status: p.status,
    hours: p.hours,
    hours_en: p.hours_en,
    phone: p.phone,
    address: p.address,
    services: p.services.join('\n'),
    manager: p.manager ?? '',
    manager_mobile: p.manager_mobile ?? '',
    is_published: p.is_published ?? true,
    lon: String(geometry.coordinates[0]),
    lat: String(geometry.coordinates[1]),
    crs: 'EPSG:4326',
  };
}

function bodyOf(form: Form<FacilityValues>, read: FacilityFeature | null) {
  const { lon, lat, services, crs, ...changed } = form.changes();
  const moved = lon !== undefined || lat !== undefined || crs !== undefined;
  const lines = services?.split('\n').flatMap((line) => line.trim() || []);
  const properties = {
    ...changed,
    ...(lines && { services: lines }),
    ...(moved && { crs: form.values.value.crs }),
    ...(read ? { version: read.properties.version } : { status: form.values.value.status }),
  };
  return feature(properties, moved ? placeOf(form.values.value) : null);
}

const yes = (value: unknown) => (value ? m.yes : m.no);

const words = (categories: Option[]) => (): Words => ({
  name: m.name,
  category: [m.category, (value) => titleOf(categories, value)],
  status: [m.status, (value) => m.statuses[String(value)] ?? String(value)],
  hours: m.hours,
  hours_en: m.inEnglish(m.hours),
  phone: m.phone,
  address: m.address,
  services: m.services,
  manager: m.manager,
  manager_mobile: m.managerMobile,
  code: m.code,
  name_en: m.nameEn,
  is_published: [m.published, yes],
  lon: m.longitude,
  lat: m.latitude,
});

function Facts({ form, categories }: { form: Form<FacilityValues>; categories: Option[] }) {
  const statuses = Object.entries(m.statuses).map(([key, title]) => ({ key, title }));
  return (
    <>
      <Fieldset title={m.basics}>
        <TextField form={form} name="name" label={m.name} longest={80} required />
        <SelectField
          form={form}
          name="category"
          label={m.category}
          options={categories}
          empty={m.choosePlease}
          required
        />
        <SelectField form={form} name="status" label={m.status} options={statuses} />
        <TextField form={form} name="hours" label={m.hours} longest={80} />
        <TextField form={form} name="phone" label={m.phone} type="tel" longest={30} />
        <TextField form={form} name="address" label={m.address} longest={120} />
        <AreaField form={form} name="services" label={m.services} hint={m.servicesHint} rows={4} />
        <div class="pair">
          <TextField form={form} name="manager" label={m.manager} longest={40} hidden />
          <TextField form={form} name="manager_mobile" label={m.managerMobile} type="tel" longest={30} hidden />
          <TextField form={form} name="code" label={m.code} longest={30} />
          <TextField form={form} name="name_en" label={m.nameEn} longest={120} />
          <TextField form={form} name="hours_en" label={m.inEnglish(m.hours)} longest={120} />
        </div>
        <CheckField form={form} name="is_published" label={m.published} hint={m.publishedHint} />
      </Fieldset>
      <PositionField form={form as unknown as Form<Positioned>} what={form.values.value.name || m.newFacility} />
      <SelectField form={form} name="crs" label={m.coordinates} options={SYSTEMS} />
    </>
  );
}

const subject = (categories: Option[]): Subject<FacilityFeature, FacilityValues> => ({
  path: 'facilities',
  title: m.facilities,
  newTitle: m.newFacility,
  calls: facilities,
  empty: EMPTY,
  valuesOf,
  nameOf: ({ properties }) => properties.name,
  bodyOf,
  words: words(categories),
  villageOf: ({ properties }) => properties.village,
  shownAs: ({ id }) => `facilities:${id}`,
});

export function FacilityScreen({ id, categories }: { id: string; categories: Option[] }) {
  const of = subject(categories);
  return (
    <RowScreen id={id} subject={of}>
      {(held) => (
        <>
          <RowForm subject={of} held={held}>
            {(form) => <Facts form={form} categories={categories} />}
          </RowForm>
          {held.loaded && <FacilityPhotos loaded={held.loaded} changed={held.changed} />}
        </>
      )}
    </RowScreen>
  );
}
