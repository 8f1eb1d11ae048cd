/** The part of the page that is loaded when the first place or row is opened. */

export { FeaturePanel } from './FeaturePanel';
export { PlacePanel } from './PlacePanel';
