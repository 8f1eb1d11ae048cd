import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import '../../core/css/panel.css';
import '../../staff/staff.css';
import './devices.css';
import '../../incidents/icons';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { loadWords as loadDeviceWords } from '../../devices/words';
import { App } from './app';
import { run } from './patrol';
import { start } from './store';
import { loadWords, w } from './words';

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadDeviceWords(), loadWords()]);
  document.title = `${w.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  start();
  run();
  render(<App />, root);
}

void show();
