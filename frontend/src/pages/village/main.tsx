/** The village page is made by the server and works without scripts: this entry brings its style only. */

import '../../core/css/tokens.css';
import './village.css';
