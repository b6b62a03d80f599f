import type { TimedQuote, TimedTrade } from '@nanometer/quant';
import * as fc from 'fast-check';

/** One event of a market, at a time that does not fall. */
export type MarketEvent =
  | { readonly kind: 'quote'; readonly quote: TimedQuote }
  | { readonly kind: 'trade'; readonly trade: TimedTrade & { readonly direction: 1 | -1 } };

const TICK = 0.25;

const step = fc.record({
  gap: fc.constantFrom(0, 0, 1, 7, 400, 1000, 2300),
  isQuote: fc.boolean(),
  bidTicks: fc.integer({ min: 390, max: 410 }),
  spreadTicks: fc.integer({ min: -1, max: 6 }),
  bidSize: fc.integer({ min: 0, max: 9 }),
  askSize: fc.integer({ min: 0, max: 9 }),
  quantity: fc.double({ min: 0.01, max: 20, noNaN: true }),
  direction: fc.constantFrom<1 | -1>(1, -1),
});

/** Quotes and trades of one market, locked and crossed quotes and quotes without size included. */
export const marketEvents: fc.Arbitrary<readonly MarketEvent[]> = fc.array(step, { maxLength: 80 }).map((steps) => {
  let time = 1_700_000_000_000;
  return steps.map((each): MarketEvent => {
    time += each.gap;
    const bid = each.bidTicks * TICK;
    if (!each.isQuote) {
      const { quantity, direction } = each;
      return { kind: 'trade', trade: { price: bid, quantity, direction, time } };
    }
    const ask = bid + each.spreadTicks * TICK;
    return { kind: 'quote', quote: { bid, bidSize: each.bidSize, ask, askSize: each.askSize, time } };
  });
});

/** The quotes among events. */
export function quotesOf(events: readonly MarketEvent[]): TimedQuote[] {
  return events.flatMap((event) => (event.kind === 'quote' ? [event.quote] : []));
}

/** Whether two numbers, or their absence, are the same but for rounding. */
export function isClose(a: number | undefined, b: number | undefined, tolerance = 1e-9): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
