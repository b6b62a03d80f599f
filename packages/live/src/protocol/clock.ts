/** Time and timers of a server or client; tests and replays bring their own. */
export interface LiveClock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /** Calls `action` once, `delayMs` from now; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The clocks and timers of the machine. */
export const SYSTEM_CLOCK: LiveClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
