/** The page in a frame of others: whose map it is, under which number, the way to the whole of it, and its gestures. */

import { effect, signal } from '@preact/signals';
import { t } from '../../../core/i18n';
import { Brand } from '../../../core/icons/Icon';
import { addressOutside, selection, view } from '../../../core/url';
import { cooperate } from '../../../map/later/gestures';
import { baseMap, below, county, mapView } from '../store';
import { w } from './words';

const STAYS_MS = 1500;
const hint = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

function tell(what: 'touch' | 'wheel'): void {
  const command = /Mac|iP(hone|ad)/.test(navigator.platform);
  hint.value = what === 'touch' ? w.twoFingers : command ? w.commandWheel : w.ctrlWheel;
  clearTimeout(timer);
  timer = setTimeout(() => {
    hint.value = '';
  }, STAYS_MS);
}

function FrameBar() {
  const here = county.state.value.data;
  const number = baseMap.value?.approval_number;
  // Read, so that the address is made anew with what is selected.
  void [selection.value, view.value];
  const refresh = (event: { currentTarget: HTMLAnchorElement }) => {
    event.currentTarget.href = addressOutside();
  };
  return (
    <footer class="framebar">
      <Brand size={22} />
      <p class="grow">
        <b>{here && t.title(here.name)}</b> {here?.is_demo && <span class="demo">{t.demo}</span>}
        <span class="sub">{number ? t.approval(number) : t.approvalMissing}</span>
      </p>
      <a href={addressOutside()} target="_blank" rel="noopener" onPointerDown={refresh} onFocus={refresh}>
        {w.open}
      </a>
      {hint.value && (
        <p class="gesture" aria-hidden="true">
          {hint.value}
        </p>
      )}
    </footer>
  );
}

export function framed(): void {
  below.value = FrameBar;
  const stop = effect(() => {
    const map = mapView.value;
    if (!map) return;
    cooperate(map, tell);
    queueMicrotask(() => stop());
  });
}
