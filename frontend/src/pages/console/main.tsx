import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import '../../incidents/incidents.css';
import '../../staff/staff.css';
import './console.css';
import '../../incidents/icons';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { App } from './app';
import { loadSaved } from './saved';
import { start } from './store';
import { c, loadWords } from './words';

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadWords()]);
  document.title = `${c.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  start();
  void loadSaved();
  render(<App />, root);
}

void show();
