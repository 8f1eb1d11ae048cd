/** The village page is rendered by Django and needs no script: this entry only gives it its style sheet. */
import '../../core/css/tokens.css';
import './village.css';
