/** First step: where it is. The pin stands in the middle of the map; the map, a name or the device moves it there. */

import { t } from '../../core/i18n';
import { Icon } from '../../core/icons/Icon';
import { draft, edit } from './draft';
import { Finder } from './finder';
import { around, candidate, isFar, isOutside, locate, placeName, takeMiddle } from './place';
import { goToStep } from './steps';
import { r } from './words';

/** What the pin points at, in words; read aloud when the map has come to rest. */
function Pointed() {
  const at = candidate.value;
  const { state, village, township } = around.value;
  const asset = at?.asset?.name;
  const place = at && placeName({ ...at, village, township });
  return (
    <div class="pointed" role="status">
      <Icon name="pin" size="s" />
      <p class="grow">
        <b>{isOutside.value ? t.outside : state === 'asking' ? r.asking : asset || place}</b>
        <span class="d">
          {isOutside.value ? r.outsideHint : asset ? place : state === 'unknown' ? r.placeUnknown : r.moveHint}
        </span>
      </p>
      {at?.asset && (
        <button
          type="button"
          class="x"
          aria-label={r.notAbout(at.asset.name)}
          onClick={() => {
            candidate.value = { lon: at.lon, lat: at.lat };
          }}
        >
          <Icon name="close" size="s" />
        </button>
      )}
    </div>
  );
}

export function WhereTools() {
  return (
    <div class="wheretools">
      <Finder />
      <button type="button" class="btn sm" onClick={locate}>
        <Icon name="locate" size="s" />
        {r.myPlace}
      </button>
    </div>
  );
}

export function Where() {
  return (
    <div class="where">
      <h2 class="only-w">{r.whereTitle}</h2>
      <p class="sub f14 only-w">{r.whereHint}</p>
      <Pointed />
      <label class="field only-w">
        <span class="lab">
          {r.address} <span class="hint">{r.optional}</span>
        </span>
        <input
          class="inp"
          maxLength={120}
          placeholder={r.addressHint}
          value={draft.value.address}
          onInput={(event) => edit({ address: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

export function WhereActs() {
  const take = () => {
    if (takeMiddle()) goToStep('what');
  };
  return (
    <button type="button" class="btn pri grow" disabled={!candidate.value || isOutside.value} onClick={take}>
      <Icon name="target" size="s" />
      {isFar.value ? r.goNearer : r.useCentre}
    </button>
  );
}
