/** Which base map lies below, where more than ours is offered. */

import { t } from '../../core/i18n';
import { setGround } from '../../core/url';
import { baseMap, county } from './store';

export function BaseChoice() {
  const offered = county.state.value.data?.base_maps ?? [];
  if (offered.length < 2) return null;
  return (
    <fieldset class="bases">
      <legend>{t.baseMap}</legend>
      {offered.map(({ key, title }, index) => (
        <label key={key}>
          <input
            type="radio"
            name="base"
            checked={baseMap.value?.key === key}
            onChange={() => setGround(index ? key : '')}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
