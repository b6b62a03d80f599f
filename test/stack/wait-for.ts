import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Resolves with the first value of `condition` that is neither `undefined` nor `false`; what it throws counts as "not
 * yet". Rejects after `limitMs` with what was waited for and the last reason.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 180_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + limitMs;
  let reason = '';
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`waited ${limitMs / 1000} s until ${what}${reason}`);
    await pause(POLL_MS);
  }
}

/** Whether an HTTP GET is answered with 2xx. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.arrayBuffer();
  return response.ok;
}
