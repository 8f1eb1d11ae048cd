/** Makes the page work without network. The public page loads it with the first thing somebody does: looking costs nothing. */

export async function keepForOffline(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // an address without encryption: the page works, without network it does not
  await serviceWorker.register('/sw.js');
  const { active } = await serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const here = [document.URL, ...loaded].filter((address) => address.startsWith(`${origin}/`));
  active?.postMessage([...new Set(here.map((address) => address.split('#')[0]))]);
}
