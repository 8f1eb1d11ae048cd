/** One facility: facts, position, photos. */

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { ApiError } from '../../core/api';
import { boot } from '../../core/boot';
import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { Skeleton } from '../../core/ui/Notes';
import { say } from '../../core/ui/toast';
import { openScreen } from '../../core/url';
import { type FacilityFeature, facilities, feature } from './api';
import { Editor, EditorHead } from './editor';
import { AreaField, CheckField, Fieldset, type Option, SelectField, TextField, titleOf } from './fields';
import { attempt, type Form } from './form';
import { type Positioned, PositionField, placeOf } from './position';
import { useRecord, type Words } from './record';
import { m } from './words';

interface FacilityValues extends Positioned {
  name: string;
  name_en: string;
  code: string;
  category: string;
  status: string;
  hours: string;
  phone: string;
  address: string;
  services: string;
  manager: string;
  manager_mobile: string;
  is_published: boolean;
  crs: string;
}

const SYSTEMS: Option[] = ['EPSG:4326', 'EPSG:4490', 'GCJ-02', 'BD-09'].map((key) => ({ key, title: key }));

const EMPTY: FacilityValues = {
  name: '',
  name_en: '',
  code: '',
  category: '',
  status: 'open',
  hours: '',
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

function valuesOf({ properties: p, geometry }: FacilityFeature): FacilityValues {
  return {
    name: p.name,
    name_en: p.name_en,
    code: p.code,
    category: p.category,
    status: p.status,
    hours: p.hours,
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

function bodyOf(form: Form<FacilityValues>, version: number | null) {
  const { lon, lat, services, crs, ...changed } = form.changes();
  const moved = lon !== undefined || lat !== undefined || crs !== undefined;
  const lines = services?.split('\n').flatMap((line) => line.trim() || []);
  const properties = {
    ...changed,
    ...(lines && { services: lines }),
    ...(moved && { crs: form.values.value.crs }),
    ...(version === null ? { status: form.values.value.status } : { version }),
  };
  return feature(properties, moved ? placeOf(form.values.value) : null);
}

const yes = (value: unknown) => (value ? m.yes : m.no);

const words = (categories: Option[]) => (): Words => ({
  name: m.name,
  category: [m.category, (value) => titleOf(categories, value)],
  status: [m.status, (value) => m.statuses[String(value)] ?? String(value)],
  hours: m.hours,
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
        </div>
        <CheckField form={form} name="is_published" label={m.published} hint={m.publishedHint} />
      </Fieldset>
      <PositionField form={form as unknown as Form<Positioned>} what={form.values.value.name || m.newFacility} />
      <SelectField form={form} name="crs" label={m.coordinates} options={SYSTEMS} />
    </>
  );
}

function FacilityForm({
  loaded,
  categories,
  changed,
}: {
  loaded: FacilityFeature | null;
  categories: Option[];
  changed: (next: FacilityFeature) => void;
}) {
  const id = String(loaded?.id ?? '');
  const { form, save, conflict } = useRecord<FacilityFeature, FacilityValues>({
    loaded,
    empty: EMPTY,
    valuesOf,
    versionOf: ({ properties }) => properties.version,
    get: () => facilities.get(id),
    write(of, version) {
      const body = bodyOf(of, version);
      return loaded ? facilities.update(id, body) : facilities.create(body);
    },
    taken(next) {
      if (loaded) changed(next);
      else openScreen(`facilities/${next.id}`);
    },
    words: words(categories),
  });
  return (
    <Editor form={form} isNew={!loaded} save={save} conflict={conflict}>
      <Facts form={form} categories={categories} />
    </Editor>
  );
}

function Photos({ loaded, changed }: { loaded: FacilityFeature; changed: (next: FacilityFeature) => void }) {
  const id = useId();
  const why = useSignal('');
  const { photos, version, name } = loaded.properties;
  const put = async (next: { id: number; caption: string }[]) => {
    const done = await attempt(async () => changed(await facilities.putPhotos(String(loaded.id), version, next)));
    if (done) say(m.saved);
  };
  const kept = photos.map((photo) => ({ id: photo.id, caption: photo.caption }));
  const add = async (files: File[]) => {
    const added: { id: number; caption: string }[] = [];
    const refused: string[] = [];
    for (const [index, file] of files.entries()) {
      try {
        added.push({ id: (await facilities.uploadPhoto(file, name)).id, caption: '' });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push(`${m.photoNth(index + 1)}: ${error.message}`);
      }
    }
    if (added.length) await put([...kept, ...added]);
    why.value = refused.join(' ');
  };
  return (
    <fieldset class="group">
      <legend>{m.tabPhotos}</legend>
      <ul class="storedlist">
        {photos.map((photo) => (
          <li key={photo.id} class="stored">
            <img src={photo.thumb} alt={photo.alt} loading="lazy" width="160" height="120" />
            <button
              type="button"
              class="link f13"
              onClick={() => void put(kept.filter((other) => other.id !== photo.id))}
            >
              {m.remove}
            </button>
          </li>
        ))}
      </ul>
      <label for={id} class="btn soft">
        <Icon name="photo" size="s" />
        {m.photosTake}
      </label>
      <input
        id={id}
        class="sr"
        type="file"
        multiple
        accept="image/*,.heic,.heif"
        onChange={(event) => void add([...(event.currentTarget.files ?? [])])}
      />
      {why.value && (
        <p class="error" role="alert">
          {why.value}
        </p>
      )}
      <p class="hint">{m.photosHelp}</p>
    </fieldset>
  );
}

export function FacilityScreen({ id, categories }: { id: string; categories: Option[] }) {
  const loaded = useSignal<FacilityFeature | null>(null);
  const trouble = useSignal('');
  useEffect(() => {
    if (id === 'new') return;
    facilities.get(id).then(
      (next) => {
        loaded.value = next;
      },
      (error: unknown) => {
        trouble.value = error instanceof ApiError && error.message ? error.message : t.failed(m.facilities);
      },
    );
  }, [id]);
  const changed = (next: FacilityFeature) => {
    loaded.value = next;
  };
  if (trouble.value) return <p class="note late">{trouble.value}</p>;
  if (id !== 'new' && !loaded.value) return <Skeleton />;
  return (
    <>
      <EditorHead title={loaded.value?.properties.name ?? m.newFacility} back="facilities">
        {loaded.value && (
          <a class="link f14" href={`/c/${boot.county}/?sel=facilities:${id}`}>
            {m.publicMap}
          </a>
        )}
      </EditorHead>
      <FacilityForm loaded={loaded.value} categories={categories} changed={changed} />
      {loaded.value && <Photos loaded={loaded.value} changed={changed} />}
    </>
  );
}
