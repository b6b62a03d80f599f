import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Resolves with the first truthy value of `condition`, asked once per turn of the event loop; rejects after
 * `limitMs` (default 20,000) with `what` in the message, so that a condition that never comes true fails by name.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 20_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`gave up after ${limitMs} ms waiting until ${what}`);
    await nextTurn();
  }
}
