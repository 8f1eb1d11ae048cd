/** Facts of a project. */

import { useSignal } from '@preact/signals';
import { Icon } from '../../core/icons/Icon';
import { feature, type ProjectFeature, projects } from './api';
import { AreaField, CheckField, Fieldset, type Option, Options, SelectField, TextField, titleOf } from './fields';
import type { Form } from './form';
import { type Held, RowForm, type Subject } from './frame';
import { type Positioned, PositionField, placeOf } from './position';
import type { Words } from './record';
import type { FormOptions, VillageChoice } from './types';
import { m } from './words';

const EMPTY = {
  name: '',
  name_en: '',
  code: '',
  category: '',
  owner_unit: '',
  /** Only of a new project; afterwards it moves by the stage machine. */
  stage: 'planned',
  contractor: '',
  contractor_contact: '',
  budget: '',
  description: '',
  description_en: '',
  village: '',
  villages: [] as string[],
  planned_start: '',
  planned_end: '',
  actual_start: '',
  actual_end: '',
  supervision_title: '',
  supervision_title_en: '',
  supervision_phone: '',
  is_published: true,
  lon: '',
  lat: '',
};
type ProjectValues = typeof EMPTY;

const EMPTY_IS_NULL = new Set(['budget', 'planned_start', 'planned_end', 'actual_start', 'actual_end', 'village']);

function valuesOf({ properties: p, geometry }: ProjectFeature): ProjectValues {
  return {
    name: p.name,
    name_en: p.name_en,
    code: p.code,
    category: p.line.category,
    owner_unit: p.owner_unit.key,
    stage: '',
    contractor: p.contractor,
    contractor_contact: p.contractor_contact ?? '',
    budget: p.budget === null ? '' : String(p.budget),
    description: p.description,
    description_en: p.description_en,
    village: p.line.village?.code ?? '',
    villages: p.villages.map(({ code }) => code),
    planned_start: p.planned_start ?? '',
    planned_end: p.planned_end ?? '',
    actual_start: p.actual_start ?? '',
    actual_end: p.actual_end ?? '',
    supervision_title: p.supervision_title,
    supervision_title_en: p.supervision_title_en,
    supervision_phone: p.line.supervision_phone,
    is_published: p.is_published,
    lon: String(geometry.coordinates[0]),
    lat: String(geometry.coordinates[1]),
  };
}

/** What is sent: only what was changed; a village that is left open is found out from the position. */
function bodyOf(form: Form<ProjectValues>, read: ProjectFeature | null) {
  const { lon, lat, ...changed } = form.changes();
  const { owner_unit, stage } = form.values.value;
  const properties: Record<string, unknown> = { ...changed, ...(!read && { owner_unit, stage }) };
  for (const name of EMPTY_IS_NULL) if (properties[name] === '') properties[name] = null;
  if (!read && !properties.village) delete properties.village;
  if (!properties.owner_unit) delete properties.owner_unit;
  if (properties.owner_unit) properties.owner_unit = Number(properties.owner_unit);
  if (read) properties.version = read.properties.version;
  const moved = lon !== undefined || lat !== undefined;
  return feature(properties, moved ? placeOf(form.values.value) : null);
}

const words = (options: FormOptions) => (): Words => {
  const village = (code: unknown) => titleOf(villageOptions(options.villages), code);
  return {
    name: m.name,
    name_en: m.nameEn,
    code: m.code,
    category: [m.category, (value) => titleOf(options.categories, value)],
    owner_unit: [m.ownerUnit, (value) => titleOf(options.units, value)],
    contractor: m.contractor,
    contractor_contact: m.contractorContact,
    budget: m.budget,
    description: m.description,
    description_en: m.inEnglish(m.description),
    village: [m.village, village],
    villages: [m.villagesServed, (value) => (value as string[]).map(village).join('、') || '—'],
    planned_start: m.plannedStart,
    planned_end: m.plannedEnd,
    actual_start: m.actualStart,
    actual_end: m.actualEnd,
    supervision_title: m.supervisionTitle,
    supervision_title_en: m.inEnglish(m.supervisionTitle),
    supervision_phone: m.supervisionPhone,
    is_published: [m.published, (value) => (value ? m.yes : m.no)],
    lon: m.longitude,
    lat: m.latitude,
  };
};

export const villageOptions = (villages: VillageChoice[]): Option[] =>
  villages.map(({ code, name, township }) => ({ key: code, title: name, group: township }));

/** Arrow keys change a closed list at once: what it stands on is meant, and only the button makes it a chip. */
function Villages({ form, choices }: { form: Form<ProjectValues>; choices: VillageChoice[] }) {
  const next = useSignal('');
  const chosen = form.values.value.villages.filter((code) => code !== next.value);
  const nameOf = (code: string) => choices.find((choice) => choice.code === code)?.name ?? code;
  const rest = choices.filter(({ code }) => !chosen.includes(code));
  return (
    <div class="field">
      <span class="lab">{m.villagesServed}</span>
      <p class="hint">{m.villagesServedHint}</p>
      <div class="wrapped">
        {chosen.map((code) => (
          <button
            key={code}
            type="button"
            class="chip line"
            aria-label={m.dropVillage(nameOf(code))}
            onClick={() =>
              form.set(
                'villages',
                form.values.value.villages.filter((other) => other !== code),
              )
            }
          >
            {nameOf(code)}
            <Icon name="close" size="xs" />
          </button>
        ))}
      </div>
      <div class="row">
        <select
          class="inp"
          aria-label={m.villagesServed}
          value={next.value}
          onChange={({ currentTarget: { value } }) => {
            next.value = value;
            form.set('villages', value ? [...chosen, value] : chosen);
          }}
        >
          <Options of={villageOptions(rest)} empty={m.choosePlease} />
        </select>
        <button
          type="button"
          class="x"
          aria-label={m.addVillage}
          onClick={() => {
            next.value = '';
          }}
        >
          <Icon name="plus" />
        </button>
      </div>
    </div>
  );
}

function Facts({ form, options, isNew }: { form: Form<ProjectValues>; options: FormOptions; isNew: boolean }) {
  return (
    <>
      <Fieldset title={m.basics}>
        <TextField form={form} name="name" label={m.name} longest={80} required />
        <SelectField
          form={form}
          name="category"
          label={m.category}
          options={options.categories}
          empty={m.choosePlease}
          required
        />
        <SelectField
          form={form}
          name="owner_unit"
          label={m.ownerUnit}
          options={options.units}
          empty={m.choosePlease}
          required
        />
        {isNew && <SelectField form={form} name="stage" label={m.stage} options={options.stages} />}
        <AreaField form={form} name="description" label={m.description} longest={5000} />
        <AreaField form={form} name="description_en" label={m.inEnglish(m.description)} longest={10000} />
        <TextField form={form} name="contractor" label={m.contractor} longest={80} />
        <TextField form={form} name="contractor_contact" label={m.contractorContact} longest={60} hidden />
        <TextField form={form} name="budget" label={m.budget} type="number" step="0.01" />
        <div class="pair">
          <TextField form={form} name="code" label={m.code} longest={30} />
          <TextField form={form} name="name_en" label={m.nameEn} longest={160} />
        </div>
      </Fieldset>
      <PositionField form={form as unknown as Form<Positioned>} what={form.values.value.name || m.newProject} />
      <Fieldset title={m.village}>
        <SelectField
          form={form}
          name="village"
          label={m.village}
          options={villageOptions(options.villages)}
          empty={m.villageByPosition}
        />
        <Villages form={form} choices={options.villages} />
      </Fieldset>
      <Fieldset title={m.schedule}>
        <div class="pair">
          <TextField form={form} name="planned_start" label={m.plannedStart} type="date" />
          <TextField form={form} name="planned_end" label={m.plannedEnd} type="date" />
          <TextField form={form} name="actual_start" label={m.actualStart} type="date" />
          <TextField form={form} name="actual_end" label={m.actualEnd} type="date" />
        </div>
      </Fieldset>
      <Fieldset title={m.supervision}>
        <TextField form={form} name="supervision_title" label={m.supervisionTitle} longest={60} />
        <TextField form={form} name="supervision_title_en" label={m.inEnglish(m.supervisionTitle)} longest={120} />
        <TextField
          form={form}
          name="supervision_phone"
          label={m.supervisionPhone}
          hint={m.supervisionPhoneHint}
          type="tel"
          longest={30}
        />
        <CheckField form={form} name="is_published" label={m.published} hint={m.publishedHint} />
      </Fieldset>
    </>
  );
}

/** Where the public sees a project: in the panel of its village, or as a row of its own. */
function shownAs({ id, properties }: ProjectFeature): string {
  const village = properties.line.village?.code;
  return village ? `village:${village}` : `projects:${id}`;
}

export function projectSubject(options: FormOptions): Subject<ProjectFeature, ProjectValues> {
  const [only, other] = options.units;
  return {
    path: 'projects',
    title: m.projects,
    newTitle: m.newProject,
    calls: projects,
    empty: only && !other ? { ...EMPTY, owner_unit: only.key } : EMPTY,
    valuesOf,
    nameOf: ({ properties }) => properties.name,
    bodyOf,
    words: words(options),
    villageOf: ({ properties }) => properties.line.village?.code,
    shownAs,
  };
}

export function ProjectForm({ held, options }: { held: Held<ProjectFeature>; options: FormOptions }) {
  return (
    <RowForm subject={projectSubject(options)} held={held}>
      {(form) => <Facts form={form} options={options} isNew={!held.loaded} />}
    </RowForm>
  );
}
