/**
 * A desk runs all day. In the first seconds three processes run uncompiled code and their heaps grow by collections of 2 to
 * 14 ms each (--trace-gc), which with 200 fills before the first measured one were the 99th percentile.
 */
export const WARM_UP = 3_000;

const PAUSE_MS = 2;
/**
 * To 100 clients 200 publishes a second where a send takes 25 µs. A desk does not wait for its bridge, so that its pause is
 * longer for many: at 450 fills a second two such cores are busy with the sockets alone.
 */
const PAUSE_FOR_MANY_MS = 5;

/** Milliseconds between two fills to so many subscribers, and between two frames of what they are compared with. */
export function pauseMs(subscribers) {
  return subscribers > 10 ? PAUSE_FOR_MANY_MS : PAUSE_MS;
}
