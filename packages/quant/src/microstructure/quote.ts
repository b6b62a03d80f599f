/** Best bid and offer of one market. Prices in the quote currency, sizes in units of the instrument. */
export interface Quote {
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
}

/** A quote and the time from which it holds, a number of any one unit. */
export interface TimedQuote extends Quote {
  readonly time: number;
}

/** Whether both prices are positive and finite and both sizes finite and not negative. */
export function isQuote({ bid, bidSize, ask, askSize }: Quote): boolean {
  return bid > 0 && ask > 0 && bid < Infinity && ask < Infinity && isSize(bidSize) && isSize(askSize);
}

function isSize(size: number): boolean {
  return size >= 0 && size < Infinity;
}

/** Halfway between bid and ask. */
export function midOf({ bid, ask }: Quote): number {
  return (bid + ask) / 2;
}

/** Mid weighted towards the side with less size, where the next trade is likelier; undefined without size. */
export function micropriceOf({ bid, bidSize, ask, askSize }: Quote): number | undefined {
  const size = bidSize + askSize;
  return size > 0 ? (bid * askSize + ask * bidSize) / size : undefined;
}

/** (bid size - ask size) over their sum, -1 to 1; undefined without size. */
export function imbalanceOf({ bidSize, askSize }: Quote): number | undefined {
  const size = bidSize + askSize;
  return size > 0 ? (bidSize - askSize) / size : undefined;
}
