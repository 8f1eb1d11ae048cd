/**
 * What Leaflet asks of the browser, in place of its own `core/Browser.js`, which knows browsers of fifteen years. What is
 * the same in all that we build for (vite.config.ts, `target`) is written into its code by `diet.ts`.
 */

const { userAgent, platform } = navigator;
const says = (word: string) => userAgent.toLowerCase().includes(word);

export default {
  chrome: says('chrome'),
  linux: platform.startsWith('Linux'),
  mac: platform.startsWith('Mac'),
  mobile: 'orientation' in window || says('mobile'),
  retina: devicePixelRatio > 1,
  touchNative: 'ontouchstart' in window || 'TouchEvent' in window,
};
