import { render } from 'preact';
import '../../core/css/tokens.css';
import './public.css';
import { address, keptAt } from '../../core/api';
import { boot } from '../../core/boot';
import { loadLanguage, t } from '../../core/i18n';
import { say } from '../../core/ui/toast';
import { askedView, selection } from '../../core/url';
import { act } from './act';
import { App } from './app';
import { holdView } from './selected';
import { again, catalogue, county, sayUnknownLayers, start } from './store';

if (askedView.value && selection.value) holdView();
const data = start();

/** What the map of the whole county counts: somebody who came by the link to a village has not asked for it yet. */
const home = () =>
  catalogue.value.flatMap(({ key, default_on: on, geometry }) =>
    on && geometry === 'point' ? address(`/api/layers/${key}/counts`, { level: 'township' }) : [],
  );

let prepared = false;

/** Nothing is fetched ahead before somebody does something; nothing is kept of people who are signed in. */
function prepare(): void {
  if (prepared || boot.embed) return;
  prepared = true;
  void import('./live').then(({ follow }) => follow('incidents')).catch(() => undefined);
  if (boot.me) return;
  void import('../../offline/keep').then(({ keepForOffline }) => keepForOffline(home())).catch(() => undefined);
}

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await loadLanguage();
  root.replaceChildren();
  render(<App />, root);
  if (boot.embed) act('framed');
  await data;
  const name = county.state.value.data?.name;
  if (name) document.title = t.title(name);
  sayUnknownLayers();
  addEventListener('offline', () => say(t.offline));
  addEventListener('online', () => {
    keptAt.value = 0;
    again();
  });
  for (const act of ['pointerdown', 'keydown']) addEventListener(act, prepare, { once: true });
}

void show();
