import type { Speed } from '../options.ts';

/** A monotonic clock and a timer, injected so that tests do not wait. */
export interface WallClock {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's monotonic clock and timer. */
export const systemClock: WallClock = {
  now: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    }),
};

/** Holds market time back to `speed` market seconds per second; at `max` it never waits. */
export class Pace {
  readonly #speed: Speed;
  readonly #clock: WallClock;
  readonly #signal: AbortSignal;
  #startMs: number | undefined;

  /** Waiting ends early when `signal` aborts. */
  constructor(speed: Speed, clock: WallClock, signal: AbortSignal) {
    this.#speed = speed;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** True when market time is tied to the clock, and so passes while nothing happens. */
  get timed(): boolean {
    return this.#speed !== 'max';
  }

  /** Waits until `marketTimeMs` is due. Time counts from the first call, so lost time is made up. */
  async until(marketTimeMs: number): Promise<void> {
    if (this.#speed === 'max') return;
    this.#startMs ??= this.#clock.now();
    const dueMs = this.#startMs + marketTimeMs / this.#speed;
    const leftMs = dueMs - this.#clock.now();
    // Timers have a resolution of 1 ms.
    if (leftMs >= 1) await this.#clock.wait(leftMs, this.#signal);
  }
}
