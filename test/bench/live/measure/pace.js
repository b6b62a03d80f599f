import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/**
 * A desk runs all day. In its first minutes V8 compiles what has become hot, on threads of its own: in bursts of 2 to 3 ms that take
 * the processors from the three processes (`perf sched`), which after 3,000 fills was the 99th percentile. So many fills as fast
 * as they go come first, and are enough for it to be done.
 */
const HOT_AFTER = 100_000;
/** Then some at the pace that is measured. */
const SETTLED_AFTER = 2_000;
/** Of the fast ones: what comes in one go, so that what lies behind takes part. */
const BURST = 100;

const PAUSE_MS = 2;
/**
 * To 100 clients 200 publishes a second where a send takes 25 µs. A desk does not wait for its bridge, so that its pause is
 * longer for many: at 450 fills a second two such cores are busy with the sockets alone.
 */
const PAUSE_FOR_MANY_MS = 5;

/** How many to publish, and when. */
export class Pace {
  /** What is published before anything is measured. */
  warmUp;
  #fast;
  #pauseMs;

  /**
   * @param subscribers - of each publish.
   * @param sendsAll - whether each subscriber is sent each publish, however fast: then as many sends as publishes make it hot.
   * @param pauseMs - between two that are measured.
   */
  constructor(subscribers, sendsAll, pauseMs = subscribers > 10 ? PAUSE_FOR_MANY_MS : PAUSE_MS) {
    this.#fast = sendsAll ? HOT_AFTER / subscribers : HOT_AFTER;
    this.warmUp = this.#fast + SETTLED_AFTER;
    this.#pauseMs = pauseMs;
  }

  /** Resolves when number `count`, from 1, is due. */
  async next(count) {
    if (count > this.#fast || count % BURST === 0) await pause(this.#pauseMs);
    else await nextTurn();
  }
}
