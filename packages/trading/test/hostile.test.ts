import { describe, expect, test } from '@jest/globals';
import { hostileStream, SDKS, unsoundSeries } from '@nanometer/testing';
import type { AnalyticsOptions, Fill } from '@nanometer/trading';
import * as fc from 'fast-check';
import { desk, type Desk } from './desk.ts';
import { CONTRACT, fill, INVERSE, mark, order } from './events.ts';

const ANALYTICS: AnalyticsOptions = {
  performance: { periodMs: 1000, periodsPerYear: 365, minimumCount: 2, window: 5, capital: 1000 },
  signals: { horizonsMs: [500], minimumCount: 2 },
  indicators: {
    periodMs: 1000,
    indicators: [
      ['ema', 2],
      ['bollinger', 2, 2],
    ],
  },
  regimes: { periodMs: 1000, rule: { minimumCount: 3, window: 5, trendLength: 2 } },
  costs: {},
};

const id = fc.integer({ min: 0, max: 12 }).map(String);
const price = fc.integer({ min: 1, max: 200 });
const quantity = fc.integer({ min: 1, max: 9 });
const market = fc.constantFrom(
  { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol },
  { exchange: INVERSE.exchange, symbol: INVERSE.symbol },
  { exchange: CONTRACT.exchange, symbol: 'UNKNOWN' },
);
/** Mostly forward, sometimes far back or ahead. */
const timeMs = fc.oneof({ arbitrary: fc.nat(60_000), weight: 9 }, { arbitrary: fc.constantFrom(-1e9, 1e9), weight: 1 });
const side = fc.constantFrom('buy', 'sell');
const owner = { strategy: fc.constantFrom('maker', 'taker') };

function event(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.tuple(market, fc.record(fields)).map(([where, rest]) => Object.assign({}, where, rest));
}

const EVENTS = {
  onOrder: event({
    orderId: id,
    ...owner,
    side,
    type: fc.constant('limit'),
    quantity,
    price,
    timeMs,
    decisionMid: price,
  }),
  onAck: fc.record({ orderId: id, timeMs }),
  onReject: fc.record({ orderId: id, timeMs, reason: fc.constant('margin') }),
  onCancel: fc.record({ orderId: id, timeMs }),
  onFill: event({
    fillId: id,
    orderId: id,
    ...owner,
    side,
    liquidity: fc.constantFrom('maker', 'taker'),
    quantity,
    price,
    fee: fc.constantFrom(0, 0.1, -0.1),
    // BNB has no rate.
    feeCurrency: fc.constantFrom('USDT', 'BTC', 'BNB'),
    arrivalMid: price,
    timeMs,
  }),
  onQuote: event({ bid: price, ask: price, timeMs }),
  onMark: event({ price, timeMs }),
  onMarketTrade: event({ price, quantity, timeMs }),
  onParentOrder: event({ parentId: id, ...owner, side, quantity, decisionMid: price, timeMs }),
  onParentEnd: fc.record({ parentId: id, timeMs }),
  onCorrection: event({ kind: fc.constantFrom('bust', 'correct'), fillId: id, ...owner, price }),
  onFunding: event({ paymentId: id, ...owner, amount: fc.constantFrom(1, -1), timeMs }),
  onBorrow: event({ paymentId: id, ...owner, amount: quantity, currency: fc.constantFrom('USDT', 'EUR'), timeMs }),
  onRate: fc.record({ currency: fc.constantFrom('USDT', 'BTC'), rate: price, timeMs }),
  onSignal: event({ ...owner, signal: fc.constant('s'), value: fc.constantFrom(-1, 0, 1), timeMs }),
  onReturn: fc.record({ ...owner, value: fc.constant(0.1), benchmarks: fc.constant([0.1]) }),
  onBill: fc.record({ amount: quantity, usage: fc.constant({ maker: 1 }), capacity: fc.constant(2) }),
} as const;

/** Gives an event of any kind; returns why it was not counted, or `applied`. */
function give({ trading }: Desk, method: string, given: unknown): string {
  return (trading[method as 'onFill'] as (event: Fill) => string).call(trading, given as Fill);
}

describe('a hostile stream', () => {
  test('throws nothing, is counted by cause, and leaves every number finite and the cash in balance', async () => {
    await fc.assert(
      fc.asyncProperty(hostileStream(EVENTS, 80), async (stream) => {
        const made = desk({ reportingCurrency: 'USDT', analytics: ANALYTICS, ledger: { now: () => 0 } });
        const refused = new Map<string, number>();
        for (const [method, given] of stream) {
          const result = give(made, method, given);
          if (result !== 'applied') refused.set(result, (refused.get(result) ?? 0) + 1);
        }
        const series = await made.recording.series('trading.');
        for (const [cause, times] of refused) {
          // What is left out of an event that was applied may have the same cause.
          expect([cause, series[`trading.event.dropped{${cause}}`]]).toEqual([cause, expect.any(Number)]);
          expect(series[`trading.event.dropped{${cause}}`]).toBeGreaterThanOrEqual(times);
        }
        expect(unsoundSeries(series)).toEqual([]);
        expect(made.trading.ledger.cashIdentityError()).toBeLessThan(1e-9);
        made.trading.close();
      }),
      { numRuns: 25 },
    );
  });

  test('that is refused moves no clock: neither a period, nor a bar, nor a figure', () => {
    const refused: readonly [string, object][] = [
      ['invalid_price', fill(1, Number.NaN, { timeMs: 4_000_000 })],
      ['invalid_quantity', fill(0, 100, { timeMs: 4_000_000 })],
      ['unknown_contract', fill(1, 100, { symbol: 'UNKNOWN', timeMs: 4_000_000 })],
      ['duplicate', fill(1, 100, { fillId: 'first', timeMs: 4_000_000 })],
      ['invalid_price', { ...mark(-37.63), timeMs: 4_000_000 }],
      ['unknown_contract', { ...mark(100), symbol: 'UNKNOWN', timeMs: 4_000_000 }],
    ];
    const made = desk({ reportingCurrency: 'USDT', analytics: ANALYTICS });
    made.trading.onFill(fill(1, 100, { fillId: 'first', timeMs: 1000 }));
    made.trading.onMark(mark(101, 1500));
    const before = made.trading.snapshotAnalytics();
    for (const [cause, given] of refused) {
      expect(give(made, 'fillId' in given ? 'onFill' : 'onMark', given)).toBe(cause);
      expect(made.trading.snapshotAnalytics()).toEqual(before);
    }
    expect(made.trading.analytics.performance!.closed).toBe(0);
  });
});

describe('ten thousand symbols', () => {
  test('keep to every limit, each event beyond it under its cause', async () => {
    const contracts = Array.from({ length: 10_000 }, (_, at) => ({ ...CONTRACT, symbol: `S${at}` }));
    const limits = {
      openOrderLimit: 300,
      endedOrderLimit: 50,
      orderSeriesLimit: 1000,
      positionLimit: 500,
      fillIdLimit: 100,
    };
    const execution = { parentLimit: 20, pendingFillLimit: 2, quoteHistoryLimit: 1 };
    const { trading, recording } = desk({ contracts, ...limits, execution }, SDKS[1]?.[1]);
    contracts.forEach(({ symbol }, at) => {
      trading.onOrder(order(`o${at}`, { symbol, timeMs: at }));
      trading.onParentOrder({
        parentId: `p${at}`,
        exchange: 'venue',
        symbol,
        strategy: 'maker',
        side: 'buy',
        quantity: 1,
        decisionMid: 1,
        timeMs: at,
      });
      // Of the first hundred more than their markouts have room for.
      const fills = at < 100 ? 4 : 1;
      for (let nth = 0; nth < fills; nth++) trading.onFill(fill(1, 100, { symbol, timeMs: at }));
      trading.onMark({ exchange: 'venue', symbol, price: 100, timeMs: at });
    });
    expect([trading.openOrders, trading.openParents, [...trading.ledger.positions()].length]).toEqual([300, 20, 500]);
    expect(trading.trackedOrders).toBeLessThanOrEqual(350);
    const dropped = await recording.series('trading.event.dropped');
    expect(dropped).toMatchObject({
      'trading.event.dropped{series_limit}': expect.any(Number),
      'trading.event.dropped{order_evicted}': 700,
      'trading.event.dropped{position_limit}': 9500,
      'trading.event.dropped{parent_evicted}': expect.any(Number),
    });
  });
});
