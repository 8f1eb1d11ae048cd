import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import './field.css';
import '../../incidents/icons';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { keepForOffline } from '../../offline/keep';
import { App } from './app';
import { watch } from './checking';
import { watchOutbox } from './outbox';
import { follow } from './place';
import { watchRoute } from './route';
import { load } from './tasks';
import { loadWords, w } from './words';

/** A worker is ready in less, or as a rule not at all: browsers say nothing when they refuse one. */
const WORKER_MS = 3000;

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadWords()]);
  document.title = `${w.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  render(<App />, root);
  watch();
  watchRoute();
  follow();
  // The worker first: what is taken along passes through it. Where it does not come, people still see where to go.
  const late = new Promise((done) => setTimeout(done, WORKER_MS));
  await Promise.race([keepForOffline().catch(() => undefined), late]);
  await load();
  await watchOutbox();
}

void show();
