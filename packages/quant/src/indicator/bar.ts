import type { Tape } from '../number/tape.ts';

/** One period of trading. */
export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Mean of high, low and close. */
export function typicalPrice({ high, low, close }: Bar): number {
  return (high + low + close) / 3;
}

/** A bar that may be missing, over a tape. */
export function carriedBar(tape: Tape, bar: Bar | undefined): Bar | undefined {
  const open = tape.optional(bar?.open);
  const high = tape.number(bar?.high ?? Number.NaN);
  const low = tape.number(bar?.low ?? Number.NaN);
  const close = tape.number(bar?.close ?? Number.NaN);
  const volume = tape.number(bar?.volume ?? Number.NaN);
  return open === undefined ? undefined : { open, high, low, close, volume };
}
