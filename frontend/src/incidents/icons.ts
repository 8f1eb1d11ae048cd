/** Strokes of the visual language that only pages about reports use. */

import { addIcons } from '../core/icons/icons';

addIcons({
  camera: 'M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4V8ZM12 16.4a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z',
  target: 'M12 3v5M12 16v5M3 12h5M16 12h5',
  undo: 'M8 5 3.5 9.5 8 14M3.5 9.5h11a5.5 5.5 0 0 1 0 11H9',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4',
});
