/** Sharing: a short link and its QR code, the phone's own sharing, the code for a frame, the page for the notice board. */

import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { send } from '../../../core/api';
import { boot } from '../../../core/boot';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { permalink, selection } from '../../../core/url';
import { frameCode, SIZES } from './frame-code';
import { w } from './words';

interface Link {
  url: string;
  qr: string;
}

/** A short link; where none can be made, the whole one, so that nobody leaves empty-handed. */
async function linkOf(address: URL): Promise<Link & { whole?: true }> {
  const path = address.pathname + address.search + address.hash;
  try {
    return await send<Link>('POST', '/api/links', { path }, boot.csrf);
  } catch {
    return { url: address.href, qr: `/api/qr.svg?path=${encodeURIComponent(path)}`, whole: true };
  }
}

async function copy(field: HTMLInputElement | HTMLTextAreaElement | null): Promise<boolean> {
  if (!field) return false;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Not on plain http, and not everywhere: what is selected can be copied the old way.
    return document.execCommand('copy');
  }
}

type Say = (text: string) => void;

function Copied({ label, value, rows, told }: { label: string; value: string; rows?: number; told: Say }) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const press = async () => told((await copy(field.current)) ? w.copied : w.copyFailed);
  const Field = rows ? 'textarea' : 'input';
  return (
    <div class="copied">
      <Field ref={field} readOnly rows={rows} aria-label={label} value={value} spellcheck={false} />
      <button type="button" class="btn pri" disabled={!value} onClick={() => void press()}>
        {w.copy}
      </button>
    </div>
  );
}

function FramePart({ title, address, told }: { title: string; address: URL; told: Say }) {
  const size = useSignal('medium');
  return (
    <details class="more">
      <summary>{w.embed}</summary>
      <p class="sub f14">{w.embedHint}</p>
      <label class="pick">
        {w.size}
        <select
          value={size.value}
          onChange={(event) => {
            size.value = event.currentTarget.value;
          }}
        >
          {Object.keys(SIZES).map((key) => (
            <option key={key} value={key}>
              {w.sizes[key]}
            </option>
          ))}
        </select>
      </label>
      <Copied label={w.embedCode} value={frameCode(address, w.frameTitle(title), size.value)} rows={4} told={told} />
    </details>
  );
}

/** The printed sheet of the place that is open. */
function sheetAddress(): string {
  const now = selection.value;
  return now?.kind === 'village' || now?.kind === 'township' ? `/village/${now.id}.pdf?lang=${boot.lang}` : '';
}

function QrCode({ link }: { link: Link | null }) {
  return (
    <p class="qr">
      {link ? <img src={link.qr} width="168" height="168" alt={w.code} /> : <i class="skel" />}
      <span class="sub f13">{w.codeHint}</span>
    </p>
  );
}

function ShareDialog({ title, address, close }: { title: string; address: URL; close: () => void }) {
  const link = useSignal<(Link & { whole?: true }) | null>(null);
  const told = useSignal(w.making);
  const tell: Say = (text) => {
    told.value = text;
  };
  useEffect(() => {
    void linkOf(address).then((made) => {
      link.value = made;
      told.value = made.whole ? w.longOnly : '';
    });
  }, []);
  const url = link.value?.url ?? '';
  const sheet = sheetAddress();
  return (
    <div class="share">
      <div class="row">
        <h2 class="grow" id="share-title">
          {w.shareView}
        </h2>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <p class="sub f14">
        <b class="what">{title}</b>
        {w.shareWhat}
      </p>
      <QrCode link={link.value} />
      <Copied label={w.link} value={url} told={tell} />
      <p class="told f14" role="status">
        {told.value}
      </p>
      {'share' in navigator && (
        <button
          type="button"
          class="btn block"
          disabled={!url}
          onClick={() => void navigator.share({ title, url }).catch(() => undefined)}
        >
          <Icon name="share" size="s" />
          {w.send}
        </button>
      )}
      {sheet && (
        <a class="btn block" href={sheet} target="_blank" rel="noopener">
          <Icon name="dl" size="s" />
          {w.print}
        </a>
      )}
      <FramePart title={title} address={address} told={tell} />
    </div>
  );
}

/** A native dialog, so focus stays inside, Escape closes, and focus returns to the button. */
export function share(title: string): void {
  const opener = document.activeElement;
  const dialog = document.createElement('dialog');
  dialog.className = 'card sharing';
  dialog.setAttribute('aria-labelledby', 'share-title');
  document.body.append(dialog);
  const address = new URL(permalink());
  render(<ShareDialog title={title || document.title} address={address} close={() => dialog.close()} />, dialog);
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    render(null, dialog);
    dialog.remove();
    if (opener instanceof HTMLElement) opener.focus();
  });
  dialog.showModal();
}
