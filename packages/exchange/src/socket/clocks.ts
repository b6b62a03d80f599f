/** The two clocks of a connection. */
export interface Clocks {
  /** Unix milliseconds: compared with the exchange's stamps. */
  readonly wallMs: () => number;
  /** Milliseconds of a clock that never steps back: durations. */
  readonly monotonicMs: () => number;
}

export const SYSTEM_CLOCKS: Clocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
