/** Prints the page as its print style shows it. */
export const printPage = (): void => globalThis.print();
