import { describe, expect, test } from '@jest/globals';
import { METRICS } from '@nanometer/semconv';
import { SDKS } from '@nanometer/testing';
import type { AnalyticsOptions } from '@nanometer/trading';
import * as fc from 'fast-check';
import { desk } from './desk.ts';
import { fill, mark, order } from './events.ts';

const CONCERNS = ['strategy', 'comparison', 'experiment', 'signal', 'indicator', 'regime', 'cost'];

const EVERYTHING: AnalyticsOptions = {
  performance: {
    periodMs: 1000,
    periodsPerYear: 31_536_000,
    minimumCount: 30,
    window: 60,
    capital: 100_000,
    pairs: [['maker', 'taker']],
    benchmark: { exchange: 'venue', symbol: 'BTCUSDT' },
  },
  experiments: [{ name: 'ab', a: 'maker', b: 'taker', effect: 1 }],
  signals: { horizonsMs: [2000] },
  indicators: { periodMs: 1000, indicators: ['ema', 'bollinger'] },
  regimes: {
    periodMs: 1000,
    rule: { minimumCount: 10, window: 100 },
    tracker: { confirmations: 1, minimumDwell: 1 },
    threshold: 3,
    models: [
      {
        name: 'hmm',
        exchange: 'venue',
        symbol: 'BTCUSDT',
        regimes: [
          { name: 'calm', mean: 0, variance: 1e-6 },
          { name: 'wild', mean: 0, variance: 1e-3 },
        ],
        transitions: [
          [0.9, 0.1],
          [0.1, 0.9],
        ],
      },
    ],
  },
  costs: {
    schedules: {
      venue: [
        { volume: 0, maker: 0.001, taker: 0.002 },
        { volume: 1e12, maker: 0, taker: 0.001 },
      ],
    },
  },
};

/** A desk for `seconds` simulated seconds: two strategies that trade, signal and pay. */
function work({ trading }: ReturnType<typeof desk>, seconds: number, startMs = 0): void {
  for (let second = 0; second < seconds; second++) {
    const timeMs = startMs + second * 1000;
    const isWild = second % 400 >= 200;
    const price = 100 * (1 + (isWild ? 0.05 : 0.001) * Math.sin(second * second) + second / 1e6);
    trading.onMark(mark(price, timeMs));
    trading.onSignal({
      strategy: 'maker',
      exchange: 'venue',
      symbol: 'BTCUSDT',
      signal: 'momentum',
      value: Math.sin(second * 7),
      timeMs: timeMs + 1,
    });
    trading.onOrder(order(`order-${startMs}-${second}`, { timeMs: timeMs + 2 }));
    const side = second % 2 === 0 ? 1 : -1;
    trading.onFill(fill(side, price, { timeMs: timeMs + 3, fee: 0.05 }));
    trading.onFill(fill(-side, price, { timeMs: timeMs + 4, strategy: 'taker', fee: 0.1, liquidity: 'taker' }));
    if (second % 60 === 0) trading.onBill({ amount: 1, usage: { maker: 2, taker: 1 }, capacity: 5 });
  }
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('every metric of the analytics is recorded with the attributes it declares, and no id among them', async () => {
    const made = desk({ reportingCurrency: 'USDT', analytics: EVERYTHING }, Provider);
    work(made, 900);
    const isOurs = (name: string): boolean => CONCERNS.some((concern) => name.startsWith(`trading.${concern}.`));
    const declared = METRICS.filter(({ name }) => isOurs(name));
    const collected = await made.recording.collect();
    expect(collected.names.filter(isOurs).sort()).toEqual(declared.map(({ name }) => name).sort());
    for (const [name, attributes] of collected.points.filter(([each]) => isOurs(each))) {
      const keys = declared.find((metric) => metric.name === name)?.attributes ?? [];
      expect(Object.keys(attributes).sort()).toEqual([...keys].sort());
      for (const value of Object.values(attributes)) expect(value).not.toMatch(/^(order|fill)-/);
    }
  });
});

test('the analytics are alive over simulated days: no figure stops, none is stuck at 0', async () => {
  const analytics: AnalyticsOptions = {
    ...EVERYTHING,
    performance: { ...EVERYTHING.performance!, periodMs: 60_000, periodsPerYear: 525_600 },
  };
  const made = desk({ reportingCurrency: 'USDT', analytics });
  for (let day = 0; day < 4; day++) {
    work(made, 200, day * 86_400_000);
    const series = await made.recording.series('trading.strategy.');
    expect(series['trading.strategy.period.count{since_start,maker}']).toBe(day * 1440 + 3);
    if (day === 0) continue;
    for (const name of ['sharpe', 'volatility', 'sortino', 'sharpe.probability']) {
      const value = series[`trading.strategy.${name}{since_start,maker}`] as number;
      expect([name, Number.isFinite(value) && value !== 0]).toEqual([name, true]);
    }
  }
});

test('signals are scored by mids once there are quotes, and bars of trades have their volume', async () => {
  const analytics: AnalyticsOptions = {
    signals: { horizonsMs: [1000], minimumCount: 1 },
    indicators: { periodMs: 1000, indicators: ['vwap'], source: 'trade' },
  };
  const { trading, recording } = desk({ analytics });
  const market = { exchange: 'venue', symbol: 'BTCUSDT' };
  trading.onQuote({ ...market, bid: 99, ask: 101, timeMs: 0 });
  trading.onSignal({ ...market, strategy: 'maker', signal: 's', value: 1, timeMs: 1 });
  // A mark far below is no price of this market.
  trading.onMark(mark(50, 500));
  trading.onQuote({ ...market, bid: 101, ask: 103, timeMs: 900 });
  trading.onQuote({ ...market, bid: 101, ask: 103, timeMs: 2000 });
  trading.onMarketTrade({ ...market, price: 100, quantity: 3, timeMs: 100 });
  trading.onMarketTrade({ ...market, price: 104, quantity: 1, timeMs: 200 });
  trading.onMarketTrade({ ...market, price: 1, quantity: 1 });
  trading.onMarketTrade({ ...market, price: 7, quantity: 1, timeMs: 1100 });
  expect(await recording.series('trading.signal.outcome', 'trading.indicator')).toEqual({
    'trading.signal.outcome.count{1,s,hit,maker}': 1,
    // Typical price of the bar, high 104, low 100, close 104.
    'trading.indicator.value{venue,vwap,value,BTCUSDT}': expect.closeTo(308 / 3, 9),
  });
});

test('ten thousand symbols keep to the limits, and what was left out is counted', async () => {
  const analytics: AnalyticsOptions = {
    performance: { periodMs: 1000, periodsPerYear: 365, strategyLimit: 5 },
    signals: { seriesLimit: 50 },
    indicators: { periodMs: 1000, indicators: ['ema'], marketLimit: 10 },
    regimes: { periodMs: 1000, marketLimit: 10 },
    costs: { limit: 5 },
  };
  const contracts = Array.from({ length: 10_000 }, (_, at) => ({
    exchange: 'venue',
    symbol: `S${at}`,
    kind: 'linear' as const,
    multiplier: 1,
    baseCurrency: `S${at}`,
    currency: 'USDT',
  }));
  const { trading, recording } = desk({ contracts, reportingCurrency: 'USDT', analytics });
  for (let at = 0; at < 10_000; at++) {
    const symbol = `S${at}`;
    trading.onMark({ exchange: 'venue', symbol, price: 100, timeMs: at });
    trading.onSignal({ strategy: 's', exchange: 'venue', symbol, signal: 'x', value: 1, timeMs: at });
    if (at % 100 === 0) trading.onFill(fill(1, 100, { symbol, strategy: `strategy-${at}`, timeMs: at }));
  }
  trading.closePeriod(20_000);
  expect([...trading.analytics.performance!.strategies].length).toBe(5);
  const dropped = await recording.series('trading.event.dropped');
  expect(dropped).toMatchObject({
    'trading.event.dropped{market_limit}': 2 * 9990,
    'trading.event.dropped{series_limit}': 9950,
    'trading.event.dropped{cost_limit}': 95,
    'trading.event.dropped{strategy_limit}': expect.any(Number),
  });
});

describe('kill and resume', () => {
  const SMALL: AnalyticsOptions = {
    ...EVERYTHING,
    performance: { ...EVERYTHING.performance!, minimumCount: 3, window: 5 },
    experiments: [{ name: 'ab', a: 'maker', b: 'taker', effect: 1, burnIn: 2 }],
    signals: { horizonsMs: [700, 2000], minimumCount: 2, window: 10 },
    indicators: {
      periodMs: 1000,
      indicators: [['ema', 3], ['bollinger', 3, 2], ['adx', 2], 'obv', ['supertrend', 2, 1]],
    },
    regimes: { ...EVERYTHING.regimes!, rule: { minimumCount: 3, window: 10, trendLength: 2 } },
  };
  const GAUGES = METRICS.filter(
    ({ name, kind }) =>
      (kind === 'gauge' || kind === 'observablegauge') &&
      (CONCERNS.some((concern) => name.startsWith(`trading.${concern}.`)) ||
        /^trading\.(pnl|position|trade|execution|slippage|markout|edge|alpha)\./.test(name)),
  )
    .map(({ name }) => name)
    // An up-down counter that a resumed desk brings back to the orders that are open.
    .concat('trading.order.open');
  const options = {
    reportingCurrency: 'USDT',
    analytics: SMALL,
    openOrderLimit: 8,
    endedOrderLimit: 4,
    execution: {
      horizonsSeconds: [0, 0.5, 2],
      holdingSeconds: 0.5,
      quoteHistoryLimit: 8,
      pendingFillLimit: 8,
      lifetime: { minimumCount: 3 },
      attribution: { benchmarks: ['index'], periodSeconds: 60, periodsPerYear: 525_600 },
    },
  };
  const market = { exchange: 'venue', symbol: 'BTCUSDT' };
  const EVENTS = [
    'mark',
    'quote',
    'fill',
    'signal',
    'order',
    'bill',
    'ack',
    'cancel',
    'parent',
    'trade',
    'return',
  ] as const;
  const step = fc.record({
    kind: fc.constantFrom(...EVENTS),
    price: fc.integer({ min: 50, max: 150 }),
    size: fc.integer({ min: -3, max: 3 }),
    strategy: fc.constantFrom('maker', 'taker'),
    waitMs: fc.nat(1500),
  });

  type Step = { kind: string; price: number; size: number; strategy: string; waitMs: number };
  const at50 = { price: 50, size: 0, strategy: 'maker', waitMs: 0 };
  /** The only order is over when the desk is killed. */
  const ENDED_BEFORE_THE_KILL: [Step[], number] = [
    [
      { ...at50, kind: 'order' },
      ...Array.from({ length: 3 }, () => ({ ...at50, kind: 'mark' })),
      { ...at50, kind: 'cancel', size: -3 },
      { ...at50, kind: 'mark' },
    ],
    5,
  ];

  /** What the steps do to a desk: the same events, ids included, each time it is called. */
  function eventsOf(steps: readonly Step[]) {
    let timeMs = 0;
    return steps.map(({ kind, price, size, strategy, waitMs }, at) => {
      timeMs += waitMs;
      const now = timeMs;
      // Fills, acknowledgements and cancels are of one of the latest orders, known or not.
      const latest = `kill-${at - (Math.abs(size) + 1)}`;
      const filled = fill(size || 1, price, { strategy, timeMs: now, fee: 0.25, orderId: latest });
      return ({ trading }: ReturnType<typeof desk>): void => {
        if (kind === 'mark') trading.onMark(mark(price, now));
        else if (kind === 'quote') trading.onQuote({ ...market, bid: price - 1, ask: price + 1, timeMs: now });
        else if (kind === 'fill') trading.onFill(filled);
        else if (kind === 'signal') trading.onSignal({ ...market, strategy, signal: 's', value: size, timeMs: now });
        else if (kind === 'order') {
          const parentId = size < 0 ? 'parent' : undefined;
          trading.onOrder(
            order(`kill-${at}`, { strategy, timeMs: now, decisionMid: price, ...(parentId && { parentId }) }),
          );
        } else if (kind === 'ack') trading.onAck({ orderId: latest, timeMs: now });
        else if (kind === 'cancel') trading.onCancel({ orderId: latest, timeMs: now });
        else if (kind === 'parent')
          trading.onParentOrder({ ...market, parentId: 'parent', strategy, side: 'buy', quantity: 5, timeMs: now });
        else if (kind === 'trade') trading.onMarketTrade({ ...market, price, quantity: 1, timeMs: now });
        else if (kind === 'return')
          trading.onReturn({ strategy, value: size / 100, benchmarks: [price / 1000], capital: 10 });
        else trading.onBill({ amount: 1, usage: { [strategy]: 1 }, capacity: 5 });
      };
    });
  }

  /** Figures of a desk: an up-down counter at zero, of a desk without an open order, need not have begun. */
  async function figuresOf({ recording }: ReturnType<typeof desk>): Promise<Record<string, unknown>> {
    const series = Object.entries(await recording.series(...GAUGES));
    return Object.fromEntries(series.filter(([name, value]) => value !== 0 || !name.startsWith('trading.order.open')));
  }

  test('at any event gives the state and the figures of a desk that went on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 80 }), fc.nat(80), async (steps, cut) => {
        const lasting = desk({ ...options, ledger: { now: () => 0 } });
        let resumed = desk({ ...options, ledger: { now: () => 0 } });
        eventsOf(steps).forEach((happen, at) => {
          if (at === cut) {
            const state = resumed.trading.ledger.snapshot();
            const { trading } = resumed;
            const [analytics, execution] = JSON.parse(
              JSON.stringify([trading.snapshotAnalytics(), trading.snapshotExecution()]),
            );
            resumed = desk({ ...options, ledger: { state, now: () => 0 } });
            resumed.trading.restoreAnalytics(analytics);
            resumed.trading.restoreExecution(execution);
          }
          happen(lasting);
          happen(resumed);
        });
        expect(resumed.trading.snapshotAnalytics()).toEqual(lasting.trading.snapshotAnalytics());
        expect(resumed.trading.snapshotExecution()).toEqual(lasting.trading.snapshotExecution());
        expect(resumed.trading.ledger.snapshot()).toEqual(lasting.trading.ledger.snapshot());
        expect(await figuresOf(resumed)).toEqual(await figuresOf(lasting));
      }),
      { numRuns: 40, examples: [ENDED_BEFORE_THE_KILL] },
    );
  });

  test('the state of other indicators is refused', () => {
    const one = desk({ analytics: { indicators: { periodMs: 1000, indicators: [['ema', 3]] } } });
    const two = desk({ analytics: { indicators: { periodMs: 1000, indicators: [['ema', 4]] } } });
    one.trading.onMark(mark(100, 0));
    const state = one.trading.snapshotAnalytics();
    expect(() => two.trading.restoreAnalytics(state)).toThrow('has the indicators ema_3; the options have ema_4');
  });

  test('a snapshot of an earlier release, without indicators, bars and entries, is taken', () => {
    const one = desk(options);
    eventsOf(
      Array.from({ length: 40 }, (_, at) => ({
        kind: EVENTS[at % 6]!,
        price: 100 + at,
        size: 1,
        strategy: 'maker',
        waitMs: 300,
      })),
    ).forEach((happen) => happen(one));
    const { indicators: _, regimes, signals, ...rest } = one.trading.snapshotAnalytics();
    const earlier = {
      ...rest,
      signals: {
        ...signals,
        markets: signals.markets.map(({ exchange, symbol, queue }) => ({ exchange, symbol, queue })),
      },
      regimes: {
        markets: regimes!.markets.map(({ exchange, symbol, regimes: { bars: __, ...own } }) => ({
          exchange,
          symbol,
          regimes: own,
        })),
      },
    };
    const two = desk(options);
    two.trading.restoreAnalytics(JSON.parse(JSON.stringify(earlier)));
    expect(two.trading.snapshotAnalytics().performance).toEqual(one.trading.snapshotAnalytics().performance);
  });
});
