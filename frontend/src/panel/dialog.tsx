/** A native dialog over the page: focus stays inside, Escape closes, and focus returns to where it came from. */

import { type ComponentChildren, render } from 'preact';

export function openDialog(
  kind: string,
  label: string,
  opener: HTMLElement,
  content: (close: () => void) => ComponentChildren,
): void {
  const dialog = document.createElement('dialog');
  dialog.className = `above ${kind}`;
  dialog.setAttribute('aria-label', label);
  document.body.append(dialog);
  render(
    content(() => dialog.close()),
    dialog,
  );
  dialog.addEventListener('close', () => {
    render(null, dialog);
    dialog.remove();
    opener.focus();
  });
  dialog.showModal();
}
