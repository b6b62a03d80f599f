import { SYSTEM_CLOCK } from '../protocol/clock.ts';
import type { LiveClock } from '../protocol/clock.ts';

/** The machine's clock; no delay means the end of this turn of the event loop rather than a millisecond. */
export const SERVER_CLOCK: LiveClock = {
  ...SYSTEM_CLOCK,
  after: (delayMs, action) => {
    if (delayMs > 0) return SYSTEM_CLOCK.after(delayMs, action);
    const immediate = setImmediate(action);
    return () => clearImmediate(immediate);
  },
};
