import type { QuoteEvent } from '@nanometer/trading';
import { CONTRACT } from '../events.ts';

/** A quote of the linear contract, one wide around a mid. */
export function quote(mid: number, timeMs: number, rest: Partial<QuoteEvent> = {}): QuoteEvent {
  return { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol, bid: mid - 0.5, ask: mid + 0.5, timeMs, ...rest };
}

/** Numbers are equal up to the rounding of sums of their size. */
export function expectClose(actual: unknown, expected: number, scale = 1, tolerance = 1e-9): void {
  if (typeof actual !== 'number') throw new Error(`expected ${expected}, got ${String(actual)}`);
  const error = Math.abs(actual - expected);
  if (!(error <= tolerance * Math.max(scale, Math.abs(expected))))
    throw new Error(`expected ${expected}, got ${actual}`);
}
