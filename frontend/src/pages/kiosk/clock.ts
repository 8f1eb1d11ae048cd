/**
 * The one clock of the screen. Everything that moves by itself is worked by one timer, so that weeks on a wall
 * gather none, and a test that replaces the browser's clock moves everything.
 */

const SECOND = 1000;

/** Milliseconds that only grow: setting the machine's time moves nothing. */
export const now = (): number => performance.now();

/** Calls `tick` every second, for as long as the page lives. */
export function everySecond(tick: () => void): void {
  const next = () => {
    setTimeout(next, SECOND);
    tick();
  };
  setTimeout(next, SECOND);
}

/** Calls `run` after a while; the answer takes it back. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
