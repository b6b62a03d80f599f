import { setTimeout as after } from 'node:timers/promises';

/** Time as the exporter sees it; a test brings its own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** A timer's longest delay. */
const LONGEST_MS = 2 ** 31 - 1;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    // An aborted wait is over, which is all that was asked.
    await after(Math.min(ms, LONGEST_MS), undefined, { signal, ref: false }).catch(() => undefined);
  },
};
