import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import './kiosk.css';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { keepForOffline } from '../../offline/keep';
import { App } from './app';
import { everySecond } from './clock';
import { start, touched } from './rotation';
import { k, loadWords } from './words';

const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadWords()]);
  document.title = k.screen(boot.facts?.name ?? '');
  const tick = await start();
  render(<App />, root);
  for (const kind of TOUCHES) addEventListener(kind, touched, { capture: true, passive: true });
  // A long press would offer to open pictures and to search the web for words.
  addEventListener('contextmenu', (event) => event.preventDefault());
  everySecond(tick);
  // After a power cut the screen comes up before the network does.
  keepForOffline().catch(() => undefined);
}

void show();
