/** Colours for canvases, read from the tokens in force, so that dark mode and print need no second list. */

export class Palette {
  private readonly known = new Map<string, string>();
  private readonly style = getComputedStyle(document.documentElement);

  /** Value of the token `--name`. */
  get(name: string): string {
    let value = this.known.get(name);
    if (value === undefined) {
      value = this.style.getPropertyValue(`--${name}`).trim();
      this.known.set(name, value);
    }
    return value;
  }

  /** Factor of the large-type mode: canvases do not follow rem by themselves. */
  readonly scale = Number.parseFloat(this.style.fontSize) / 16 || 1;
  readonly font = this.get('font');
  readonly isDark = this.style.colorScheme === 'dark';
}
