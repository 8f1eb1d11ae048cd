/** Makes the page work without network. The public page loads it with the first thing somebody does: looking costs nothing. */

/** `more` are addresses of this host that are kept although nobody has asked for them yet. */
export async function keepForOffline(more: string[] = []): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // an address without encryption: the page works, without network it does not
  await serviceWorker.register('/sw.js');
  const { active } = await serviceWorker.ready;
  const take = (addresses: string[]): void => {
    const here = addresses.filter((address) => address.startsWith(`${origin}/`));
    if (here.length) active?.postMessage([...new Set(here.map((address) => address.split('#')[0]))]);
  };
  take([document.URL, ...more.map((path) => origin + path)]);
  // What was asked for before the worker was there has not passed through it; some of that is still on its way.
  const past = ({ workerStart }: PerformanceResourceTiming) => workerStart === 0;
  const arrived = (list: PerformanceObserverEntryList): void =>
    take((list.getEntries() as PerformanceResourceTiming[]).filter(past).map(({ name }) => name));
  new PerformanceObserver(arrived).observe({ type: 'resource', buffered: true });
}
