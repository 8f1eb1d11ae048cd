/** One control for each kind of field; all write into the values of the move. */

import { useId } from 'preact/hooks';
import { Icon } from '../../../core/icons/Icon';
import { asking, mapView, pin } from '../map';
import { opened, options } from '../store';
import type { Choice, LonLat } from '../types';
import { c } from '../words';
import { CategorySelect } from './category';
import { put, values } from './doing';
import type { Field } from './fields';
import { FileField } from './files';

interface Props {
  field: Field;
  invalid: boolean;
}

/** From so many characters on a field is for a letter, not for a note. */
const LONG = 1000;

const text = (name: string): string => String(values.value[name] ?? '');

function Label({ of, field }: { of: string; field: Field }) {
  return (
    <label class="lab" for={of}>
      {field.label} {field.optional && <span class="hint">{c.optional}</span>}
    </label>
  );
}

function TextInput({ field, invalid }: Props) {
  const id = useId();
  const shared = { id, class: 'inp', maxLength: field.longest, 'aria-invalid': invalid || undefined };
  const value = text(field.name);
  const typed = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    put(field.name, currentTarget.value);
  return (
    <>
      <Label of={id} field={field} />
      {field.kind === 'text' && (
        <textarea {...shared} rows={(field.longest ?? 0) > LONG ? 6 : 3} value={value} onInput={typed} />
      )}
      {field.kind === 'line' && <input {...shared} value={value} onInput={typed} />}
      {field.kind === 'date' && <input {...shared} type="date" value={value} onInput={typed} />}
      {field.kind === 'days' && (
        <input
          {...shared}
          type="number"
          min={1}
          value={value}
          onInput={({ currentTarget }) => put(field.name, currentTarget.value && Number(currentTarget.value))}
        />
      )}
    </>
  );
}

function rowsOf(kind: Field['kind']): { key: string; title: string; isNumber: boolean }[] {
  const known = options.value;
  if (!known) return [];
  const unit = values.value.unit;
  const numbered = (rows: { id: number; name: string }[]) =>
    rows.map(({ id, name }) => ({ key: String(id), title: name, isNumber: true }));
  if (kind === 'unit') return numbered(known.units);
  if (kind === 'crew') return numbered(known.crews.filter((one) => one.unit === unit));
  if (kind === 'person') return numbered(known.people.filter((one) => one.unit === unit));
  const worded: Partial<Record<Field['kind'], Choice[]>> = {
    ground: known.grounds,
    mode: known.modes,
    audience: known.audiences,
  };
  return (worded[kind] ?? known.reasons).map((one) => ({ ...one, isNumber: false }));
}

function Choose({ field, invalid }: Props) {
  const id = useId();
  const rows = rowsOf(field.kind);
  if (field.optional && !rows.length && field.kind !== 'unit') return null;
  return (
    <>
      <Label of={id} field={field} />
      <select
        id={id}
        class="inp"
        aria-invalid={invalid || undefined}
        value={text(field.name)}
        onChange={({ currentTarget: { value } }) => put(field.name, value && rows[0]?.isNumber ? Number(value) : value)}
      >
        <option value="">{field.optional ? c.none_ : c.choose}</option>
        {rows.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </>
  );
}

function CheckBox({ field }: Props) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={Boolean(values.value[field.name])}
        onChange={({ currentTarget: { checked } }) => put(field.name, checked)}
      />
      {field.label}
    </label>
  );
}

/** How to reach whoever reported; what was kept before is not shown, for every reading of it is recorded. */
function ContactField({ field }: Props) {
  const id = useId();
  const given = (values.value[field.name] ?? { name: '', phone: '', email: '' }) as Record<string, string>;
  return (
    <fieldset class="contactfield">
      <legend class="lab">
        {field.label} <span class="hint">{c.contactReplaces}</span>
      </legend>
      {(['name', 'phone', 'email'] as const).map((name) => (
        <p key={name}>
          <label for={`${id}-${name}`} class="f13 sub">
            {c.contactOf[name]}
          </label>
          <input
            id={`${id}-${name}`}
            class="inp"
            inputMode={name === 'phone' ? 'tel' : undefined}
            maxLength={name === 'email' ? 200 : 30}
            value={given[name]}
            onInput={({ currentTarget: { value } }) => put(field.name, { ...given, [name]: value })}
          />
        </p>
      ))}
    </fieldset>
  );
}

function Checks({ field }: Props) {
  const ticked = (values.value[field.name] as string[] | undefined) ?? [];
  return (
    <fieldset class="checks">
      <legend class="lab">{field.label}</legend>
      {options.value?.checks.map(({ key, title }) => (
        <label class="check" key={key}>
          <input
            type="checkbox"
            checked={ticked.includes(key)}
            onChange={({ currentTarget: { checked } }) =>
              put(field.name, checked ? [...ticked, key] : ticked.filter((other) => other !== key))
            }
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

function take(name: string, at: LonLat): void {
  pin.value = at;
  asking.value = null;
  put(name, at);
}

/** A place on the map: by a press on it, or its middle, which needs no drag and no mouse. */
function PlaceField({ field }: Props) {
  const at = values.value[field.name] as LonLat | undefined;
  return (
    <fieldset class="placefield">
      <legend class="lab">
        {field.label} <span class="hint">{c.optional}</span>
      </legend>
      <p class="hint" role="status">
        {asking.value ? c.pressMap : at ? c.placed(at[0].toFixed(5), at[1].toFixed(5)) : c.notPlaced}
      </p>
      <div class="row wrap">
        <button
          type="button"
          class="btn sm"
          onClick={() => {
            asking.value = (place) => take(field.name, place);
          }}
        >
          <Icon name="pin" size="s" />
          {c.byPress}
        </button>
        <button
          type="button"
          class="btn sm"
          onClick={() => {
            const middle = mapView.value?.middle();
            if (middle) take(field.name, [middle.lon, middle.lat]);
          }}
        >
          <Icon name="target" size="s" />
          {c.byMiddle}
        </button>
      </div>
    </fieldset>
  );
}

/** Which report this one goes into: one of those that look alike, or a number that somebody knows. */
function Into({ field, invalid }: Props) {
  const id = useId();
  const alike = opened.state.value.data?.report?.suggestions.duplicates ?? [];
  return (
    <>
      <Label of={id} field={field} />
      <input
        id={id}
        class="inp"
        list={`${id}-alike`}
        placeholder={c.numberLike}
        aria-invalid={invalid || undefined}
        value={text(field.name)}
        onInput={(event) => put(field.name, event.currentTarget.value.trim())}
      />
      <datalist id={`${id}-alike`}>
        {alike.map(({ number, title }) => (
          <option key={number} value={number}>
            {title}
          </option>
        ))}
      </datalist>
    </>
  );
}

export function Control(props: Props) {
  switch (props.field.kind) {
    case 'unit':
    case 'crew':
    case 'person':
    case 'reason':
    case 'ground':
    case 'mode':
    case 'audience':
      return <Choose {...props} />;
    case 'check':
      return <CheckBox {...props} />;
    case 'contact':
      return <ContactField {...props} />;
    case 'category':
      return <CategorySelect {...props} />;
    case 'checks':
      return <Checks {...props} />;
    case 'photos':
    case 'tokens':
    case 'documents':
      return <FileField field={props.field} />;
    case 'place':
      return <PlaceField {...props} />;
    case 'report':
      return <Into {...props} />;
    default:
      return <TextInput {...props} />;
  }
}
