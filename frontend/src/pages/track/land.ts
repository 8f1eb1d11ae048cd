/** Where the focus goes when the button that was pressed is gone or asleep. */

/** To what was refused in the card, else to its heading; to the page's where the card is gone. */
export function land(card: { current: HTMLElement | null }): void {
  requestAnimationFrame(() => {
    const within = card.current;
    const place = within
      ? (within.querySelector<HTMLElement>('[aria-invalid],[role=alert]') ?? within.querySelector('h2'))
      : document.querySelector('h1');
    place?.focus();
  });
}
