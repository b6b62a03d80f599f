/** 1 for a buy, -1 for a sell. */
export type Direction = 1 | -1;

/** Twice the distance of a fill from the mid before it, in basis points of that mid; positive is paid (2D(p - m)/m). */
export function effectiveSpreadBps(direction: Direction, price: number, mid: number): number | undefined {
  return mid > 0 && price > 0 ? ((2 * direction * (price - mid)) / mid) * 1e4 : undefined;
}

/**
 * What is left of the effective spread once the market has moved on, `laterMid` after the horizon: 2D(p - m_later)/m.
 * Effective spread = realized spread + price impact.
 */
export function realizedSpreadBps(
  direction: Direction,
  price: number,
  mid: number,
  laterMid: number,
): number | undefined {
  return mid > 0 && price > 0 && laterMid > 0 ? ((2 * direction * (price - laterMid)) / mid) * 1e4 : undefined;
}

/** How far the market moved the fill's way: 2D(m_later - m)/m, in basis points. */
export function priceImpactBps(direction: Direction, mid: number, laterMid: number): number | undefined {
  return mid > 0 && laterMid > 0 ? ((2 * direction * (laterMid - mid)) / mid) * 1e4 : undefined;
}

/** Slippage of a fill against a benchmark price in basis points of it; a cost is positive. */
export function slippageBps(direction: Direction, price: number, benchmark: number): number | undefined {
  return benchmark > 0 && price > 0 ? ((direction * (price - benchmark)) / benchmark) * 1e4 : undefined;
}
