import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import '../../core/css/panel.css';
import '../../staff/staff.css';
import './review.css';
import '../../incidents/icons';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { App } from './app';
import { start } from './store';
import { loadWords, w } from './words';

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadWords()]);
  document.title = `${w.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  start();
  render(<App />, root);
}

void show();
