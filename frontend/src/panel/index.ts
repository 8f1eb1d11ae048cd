/** The part of the page that is loaded when the first place or row is opened: `await loadWords()` before drawing it. */

export { FeaturePanel } from './FeaturePanel';
export { PlacePanel } from './PlacePanel';
export { loadWords } from './words';
