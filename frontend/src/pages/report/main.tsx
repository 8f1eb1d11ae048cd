import { effect } from '@preact/signals';
import { render } from 'preact';
import '../../core/css/tokens.css';
import '../../core/css/base.css';
import '../../core/css/map.css';
import '../../incidents/incidents.css';
import './report.css';
import '../../incidents/icons';
import { keptAt } from '../../core/api';
import { boot } from '../../core/boot';
import { loadLanguage } from '../../core/i18n';
import { loadSharedWords } from '../../incidents/words';
import { keepForOffline } from '../../offline/keep';
import { App } from './app';
import { readyToSend } from './background';
import { loadCategories } from './categories';
import { begin, draft } from './draft';
import { loadPictures, upload } from './photos';
import { watchOutbox } from './send';
import { somethingChanged } from './similar';
import { loadWords, r } from './words';

async function show(): Promise<void> {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page shell has no #app');
  await Promise.all([loadLanguage(), loadSharedWords(), loadWords(), begin()]);
  document.title = `${r.title} ${boot.facts?.name ?? ''}`;
  root.replaceChildren();
  render(<App />, root);
  void loadPictures();
  void loadCategories();
  watchOutbox();
  // What is nearby depends on the place and the kind as well as on the words.
  effect(() => {
    void [draft.value.spot, draft.value.category];
    somethingChanged();
  });
  addEventListener('online', () => {
    keptAt.value = 0;
    void upload();
    void loadCategories();
  });
  // The form is made for places without network: it is kept at once, and never what a signed-in person sees.
  if (!boot.me)
    void keepForOffline()
      .then(readyToSend)
      .catch(() => undefined);
}

void show();
