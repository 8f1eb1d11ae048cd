import './acts.css';
import { locate } from './locate';
import { measure } from './measure';
import { share } from './share';

export { loadWords } from './words';

export const acts = {
  share,
  measure,
  locate,
  framed: () => void import('./framed').then(({ framed }) => framed()),
};
