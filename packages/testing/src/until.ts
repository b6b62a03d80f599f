import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** After this long what is waited for is the work of another process or thread, which asking at every turn holds up. */
const EVERY_TURN_MS = 50;
const POLL_MS = 2;

/**
 * Resolves with the first truthy value of `condition`, asked once per turn of the event loop and, after 50 ms, every
 * 2 ms; rejects after `limitMs` (default 180,000) with `what` in the message, so that a condition that never comes
 * true fails by name.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 180_000,
): Promise<NonNullable<T>> {
  const start = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    const waitedMs = performance.now() - start;
    if (waitedMs > limitMs) throw new Error(`gave up after ${limitMs} ms waiting until ${what}`);
    await (waitedMs < EVERY_TURN_MS ? nextTurn() : pause(POLL_MS));
  }
}
