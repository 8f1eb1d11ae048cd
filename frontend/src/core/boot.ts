/** What the page shell says before any request: `<html data-county data-lang data-debug>`. */

export type Lang = 'zh' | 'en';

const { county = '', lang, debug } = document.documentElement.dataset;

export const boot = {
  /** Code of the county that is shown; sent with every request. */
  county,
  lang: (lang?.startsWith('en') ? 'en' : 'zh') as Lang,
  debug: debug === '1' || debug === 'true',
};
