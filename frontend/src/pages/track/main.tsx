import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import '../../incidents/incidents.css';
import './track.css';
import '../../incidents/icons';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { loadSharedWords } from '../../incidents/words';
import { App } from './app';
import { k, loadWords } from './words';

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadSharedWords(), loadWords()]);
  document.title = `${k.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  render(<App />, root);
}

void show();
