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
