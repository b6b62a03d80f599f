import { describe, expect, test } from '@jest/globals';
import { type Fill, TradingInstrumentation } from '@nanometer/trading';
import { ATTR_TRADING_ACCOUNT, METRICS } from '@nanometer/semconv';
import { createNoopMeter, metrics } from '@opentelemetry/api';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { VERSION } from '../src/version.ts';
import { CONTRACT, fill, INVERSE, mark, order } from './events.ts';
import { desk } from './desk.ts';
import { Recording, SDKS } from '@nanometer/testing';

/** Namespaces that are not those of execution, which has tests of its own. */
const MONEY = ['fee', 'funding', 'borrow', 'pnl', 'position', 'trade', 'slippage', 'ledger', 'mark.'];
const CONCERNS = ['order', 'fill', 'event', ...MONEY].map((concern) => `trading.${concern}`);
const POSITION = { strategy: 'maker', exchange: CONTRACT.exchange, symbol: CONTRACT.symbol };

const TRADES = ['count', 'gain', 'loss', 'duration'].map((aspect) => `trading.trade.${aspect}`);

describe.each(SDKS)('with %s', (_, Provider) => {
  test('a day of orders, fills and marks becomes these series', async () => {
    const { trading, recording } = desk({}, Provider);
    trading.onOrder(order('1', { quantity: 3, timeMs: 1000 }));
    trading.onAck({ orderId: '1', timeMs: 1002 });
    trading.onFill(fill(1, 100, { orderId: '1', fee: 0.02, timeMs: 1010, arrivalMid: 100.5 }));
    trading.onFill(fill(2, 103, { orderId: '1', fee: -0.01, liquidity: 'taker', timeMs: 1020, arrivalMid: 100 }));
    trading.onMark(mark(104));
    trading.onOrder(order('2', { side: 'sell', type: 'market', quantity: 4 }));
    trading.onFill(fill(-4, 105, { orderId: '2', liquidity: 'taker', timeMs: 3010 }));
    trading.onOrder(order('3'));
    trading.onReject({ orderId: '3', reason: 'InsufficientFunds', timeMs: 1001 });
    trading.onOrder(order('4'));
    trading.onCancel({ orderId: '4', timeMs: 1001 });
    trading.onOrder(order('5'));

    const collected = await recording.series(...CONCERNS);
    expect(collected).toEqual({
      'trading.order.count{venue,limit,buy,maker,BTCUSDT}': 4,
      'trading.order.count{venue,market,sell,maker,BTCUSDT}': 1,
      'trading.order.acknowledged{venue,maker,BTCUSDT}': 1,
      'trading.order.rejected{InsufficientFunds,venue,maker,BTCUSDT}': 1,
      'trading.order.canceled{venue,maker,BTCUSDT}': 1,
      'trading.order.open{venue,maker,BTCUSDT}': 1,
      'trading.order.ack.duration{venue,maker}': [1, 0.002],
      'trading.order.fill.duration{venue,maker}': [2, expect.closeTo(0.01 + 2.01)],
      'trading.fill.count{venue,maker,buy,maker,BTCUSDT}': 1,
      'trading.fill.count{venue,taker,buy,maker,BTCUSDT}': 1,
      'trading.fill.count{venue,taker,sell,maker,BTCUSDT}': 1,
      'trading.fill.quantity{venue,maker,buy,maker,BTCUSDT}': 1,
      'trading.fill.quantity{venue,taker,buy,maker,BTCUSDT}': 2,
      'trading.fill.quantity{venue,taker,sell,maker,BTCUSDT}': 4,
      'trading.fill.notional{venue,USDT,maker,BTCUSDT}': 100 + 206 + 420,
      'trading.fee{venue,USDT,maker,BTCUSDT}': 0.01,
      'trading.pnl.realized{venue,USDT,maker,BTCUSDT}': 9,
      'trading.pnl.unrealized{venue,USDT,maker,BTCUSDT}': 1,
      'trading.position.quantity{venue,maker,BTCUSDT}': -1,
      'trading.trade.count{venue,maker,BTCUSDT,win}': 1,
      'trading.trade.gain{venue,USDT,maker,BTCUSDT}': expect.closeTo(8.99),
      'trading.trade.duration{venue,maker}': [1, 2],
      'trading.slippage{venue,cost,maker}': [1, expect.closeTo(300)],
      'trading.slippage{venue,improvement,maker}': [1, expect.closeTo((0.5 / 100.5) * 10_000)],
      'trading.slippage.cost{venue,USDT,maker,BTCUSDT}': -0.5 + 2 * 3,
      'trading.pnl.net{venue,USDT,maker,BTCUSDT}': expect.closeTo(9.99),
      'trading.trade.excursion{venue,adverse,maker}': [1, 0],
      'trading.trade.excursion{venue,favorable,maker}': [1, expect.closeTo((9 / 306) * 10_000)],
      'trading.trade.win_rate{USDT,maker}': 1,
      'trading.trade.expectancy{USDT,maker}': expect.closeTo(8.99),
      'trading.trade.holding.duration{USDT,maker}': expect.closeTo((100 * 0.01 + 306 * 1.99) / 306),
      'trading.mark.age{venue,mark,BTCUSDT}': expect.any(Number),
      'trading.ledger.error{}': expect.closeTo(0, 11),
    });
    expect(trading.dropped).toBe(0);
  });

  test('amounts of inverse contracts are in coin, their notional in the quote currency', async () => {
    const { trading, recording } = desk({}, Provider);
    trading.onFill(fill(5, 50_000, { symbol: INVERSE.symbol, fee: 0.00001 }));
    trading.onFill(fill(-5, 40_000, { symbol: INVERSE.symbol }));
    expect(await recording.series('trading.fee', 'trading.pnl', 'trading.fill.notional', ...TRADES)).toEqual({
      'trading.fee{venue,BTC,maker,BTCUSD}': 0.00001,
      'trading.pnl.net{venue,BTC,maker,BTCUSD}': expect.closeTo(-0.00251, 12),
      'trading.pnl.realized{venue,BTC,maker,BTCUSD}': expect.closeTo(500 * (1 / 50_000 - 1 / 40_000), 15),
      'trading.fill.notional{venue,USD,maker,BTCUSD}': 1000,
      'trading.trade.count{venue,maker,BTCUSD,loss}': 1,
      'trading.trade.loss{venue,BTC,maker,BTCUSD}': expect.closeTo(0.00251, 12),
      'trading.trade.duration{venue,maker}': [1, 0],
    });
  });

  test('what is invalid, unknown or twice there is counted by reason, and nothing else changes', async () => {
    const { trading, recording } = desk({}, Provider);
    const first = fill(1, 100, { fillId: 'known' });
    trading.onFill(first);
    trading.onOrder(order('known'));
    const results = [
      trading.onFill(first),
      trading.onFill(fill(Number.NaN, 100)),
      trading.onFill(fill(1, 0)),
      trading.onFill(fill(1, 100, { symbol: 'NOPE' })),
      trading.onMark({ ...mark(100), symbol: 'NOPE' }),
      trading.onMark(mark(Number.POSITIVE_INFINITY)),
      trading.onRate({ currency: 'BNB', rate: -1, timeMs: 0 }),
      trading.onOrder(order('known')),
      trading.onOrder(order('', {})),
      trading.onOrder(order('6', { quantity: -1 })),
      trading.onOrder(order('6', { price: Number.NaN })),
      trading.onAck({ orderId: 'unknown', timeMs: 1 }),
      trading.onCancel({ orderId: 'unknown', timeMs: 1 }),
      trading.onReject({ orderId: 'known', reason: '', timeMs: 1 }),
      trading.onAck({ orderId: 'known', timeMs: Number.NaN }),
      trading.onFill(undefined as unknown as Fill),
    ];
    expect(await recording.series('trading.event.dropped')).toEqual({
      'trading.event.dropped{duplicate}': 2,
      'trading.event.dropped{invalid_quantity}': 2,
      'trading.event.dropped{invalid_price}': 3,
      'trading.event.dropped{unknown_contract}': 2,
      'trading.event.dropped{invalid_rate}': 1,
      'trading.event.dropped{invalid_order_id}': 1,
      'trading.event.dropped{unknown_order}': 2,
      'trading.event.dropped{invalid_reason}': 1,
      'trading.event.dropped{invalid_time}': 1,
      'trading.event.dropped{invalid_event}': 1,
    });
    expect(results).not.toContain('applied');
    expect(trading.dropped).toBe(16);
    expect(trading.openOrders).toBe(1);
    expect(await recording.series('trading.fill.count', 'trading.order.count')).toEqual({
      'trading.fill.count{venue,maker,buy,maker,BTCUSDT}': 1,
      'trading.order.count{venue,limit,buy,maker,BTCUSDT}': 1,
    });
  });
});

describe('fills', () => {
  test('unrealized P&L is absent until the first mark', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 100));
    expect(await recording.series('trading.pnl.unrealized')).toEqual({});
    trading.onMark(mark(90));
    expect(await recording.series('trading.pnl.unrealized')).toEqual({
      'trading.pnl.unrealized{venue,USDT,maker,BTCUSDT}': -10,
    });
  });

  test('slippage is a cost for both sides; without a usable arrival mid there is none, which is counted', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 101, { arrivalMid: 100 }));
    trading.onFill(fill(-1, 99, { arrivalMid: 100 }));
    for (const arrivalMid of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]) {
      expect(trading.onFill(fill(1, 100, { arrivalMid }))).toBe('applied');
    }
    trading.onFill(fill(1, 100));
    expect(await recording.series('trading.slippage', 'trading.event')).toEqual({
      'trading.slippage{venue,cost,maker}': [2, expect.closeTo(200)],
      'trading.slippage.cost{venue,USDT,maker,BTCUSDT}': 2,
      'trading.event.dropped{invalid_arrival_mid}': 5,
    });
  });

  test('accounts are series of their own', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 100, { account: 'main' }));
    trading.onFill(fill(2, 100));
    expect(await recording.series('trading.position')).toEqual({
      'trading.position.quantity{venue,main,maker,BTCUSDT}': 1,
      'trading.position.quantity{venue,maker,BTCUSDT}': 2,
    });
  });

  test('a trade whose fees cannot be converted has no outcome, which is counted; with a rate it has', async () => {
    const { trading, recording } = desk();
    const trip = (): void => {
      trading.onFill(fill(1, 100, { fee: 0.01, feeCurrency: 'BNB' }));
      trading.onFill(fill(-1, 101));
    };
    trip();
    trading.onRate({ currency: 'BNB', rate: 500, timeMs: 0 });
    trading.onRate({ currency: 'USDT', rate: 1, timeMs: 0 });
    trip();
    expect(await recording.series('trading.trade.count', 'trading.event', 'trading.fee')).toEqual({
      'trading.trade.count{venue,maker,BTCUSDT,loss}': 1,
      'trading.event.dropped{cost_unconverted}': 1,
      'trading.event.dropped{missing_fee_rate}': 1,
      'trading.fee{venue,BNB,maker,BTCUSDT}': 0.02,
      'trading.fee{venue,USDT,maker,BTCUSDT}': 0,
    });
  });

  test('the ledger is current when the event method returns', () => {
    const { trading } = desk();
    const key = { strategy: 'maker', exchange: 'venue', symbol: 'BTCUSDT' };
    trading.onFill(fill(2, 100));
    expect(trading.ledger.position(key)?.quantity).toBe(2);
    trading.onMark(mark(105));
    expect(trading.ledger.totals().get('USDT')?.unrealizedPnl).toBe(10);
  });

  test('the sums of the series equal the ledger', async () => {
    const size = fc.integer({ min: -1000, max: 1000 }).filter((quantity) => quantity !== 0);
    const event = fc.record({
      quantity: size.map((quantity) => quantity / 1000),
      price: fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
      fee: fc.integer({ min: -10, max: 100 }).map((mills) => mills / 1000),
      symbol: fc.constantFrom(CONTRACT.symbol, INVERSE.symbol),
      strategy: fc.constantFrom('a', 'b'),
      repeated: fc.boolean(),
    });
    const run = async (events: readonly fc.Arbitrary<unknown>[] | readonly object[]): Promise<void> => {
      const { trading, recording } = desk();
      for (const { quantity, price, repeated, ...rest } of events as readonly {
        quantity: number;
        price: number;
        repeated: boolean;
      }[]) {
        const one = fill(quantity, price, rest);
        trading.onFill(one);
        if (repeated) trading.onFill(one);
      }
      const sum = async (name: string, match = ''): Promise<number> =>
        Object.entries(await recording.series(name))
          .filter(([key]) => key.includes(match))
          .reduce((total, [, value]) => total + (value as number), 0);
      expect(await sum('trading.fill.count')).toBe(trading.ledger.fillCount);
      for (const { currency, fees, realizedPnl } of trading.ledger.totals().values()) {
        const scale = 1e-9 * (1 + Math.abs(realizedPnl)) * 1e3;
        expect(Math.abs((await sum('trading.fee', `,${currency},`)) - fees)).toBeLessThan(1e-9);
        expect(Math.abs((await sum('trading.pnl.realized', `,${currency},`)) - realizedPnl)).toBeLessThan(scale);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 40 }), run), { numRuns: 30 });
  });
});

describe('construction', () => {
  test('takes a meter, a meter provider, or the global one', async () => {
    const recording = new Recording();
    const meter = recording.meterProvider.getMeter('mine');
    new TradingInstrumentation({ meter, contracts: [CONTRACT] }).onFill(fill(1, 100));
    expect((await recording.collect()).names).toContain('trading.fill.count');

    const global = new Recording();
    metrics.setGlobalMeterProvider(global.meterProvider);
    try {
      new TradingInstrumentation({ contracts: [CONTRACT] }).onFill(fill(1, 100));
    } finally {
      metrics.disable();
    }
    expect((await global.collect()).names).toContain('trading.fill.count');
  });

  test('works without any SDK', () => {
    const trading = new TradingInstrumentation({ contracts: [CONTRACT] });
    expect(trading.onFill(fill(1, 100))).toBe('applied');
    expect(trading.ledger.fillCount).toBe(1);
  });

  test.each([
    [{ openOrderLimit: 0 }, /openOrderLimit is 0.*at least 1/],
    [{ endedOrderLimit: Number.NaN }, /endedOrderLimit is NaN/],
    [{ orderSeriesLimit: 1.5 }, /orderSeriesLimit is 1.5/],
    [{ positionLimit: -1 }, /positionLimit is -1/],
    [{ orderTypeLimit: 0 }, /orderTypeLimit is 0.*at least 1/],
    [{ timeInForceLimit: Infinity }, /timeInForceLimit is Infinity/],
    [{ rejectReasonLimit: 5e-324 }, /rejectReasonLimit is 5e-324/],
    [{ rejectReasonLimit: '64' as unknown as number }, /rejectReasonLimit is 64; it must be a whole number/],
    [{ contracts: [{ ...CONTRACT, multiplier: 0 }] }, /"BTCUSDT" of "venue": multiplier is 0/],
  ])('an option that cannot be used is an error: %p', (options, message) => {
    expect(() => new TradingInstrumentation(options)).toThrow(message);
  });

  test('close stops the self-check and can be called twice', () => {
    const callbacks = new Set<unknown>();
    const meter = Object.assign(Object.create(createNoopMeter()) as ReturnType<typeof createNoopMeter>, {
      addBatchObservableCallback: (callback: unknown) => void callbacks.add(callback),
      removeBatchObservableCallback: (callback: unknown) => void callbacks.delete(callback),
    });
    const trading = new TradingInstrumentation({ meter });
    expect(callbacks.size).toBeGreaterThan(0);
    trading.close();
    trading.close();
    expect(callbacks.size).toBe(0);
  });

  test('the scope version is that of the package', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe((JSON.parse(manifest) as { version: string }).version);
  });
});

test('every metric of the group is recorded with the attributes it declares, and no order or fill id among them', async () => {
  const { trading, recording } = desk();
  for (let at = 0; at < 20; at++) {
    trading.onOrder(order(`order-${at}`));
    trading.onAck({ orderId: `order-${at}`, timeMs: 1001 });
    trading.onFill(
      fill(at % 2 === 0 ? 1 : -1, 100 + (at % 3), { fillId: `fill-x${at}`, orderId: `order-${at}`, arrivalMid: 100 }),
    );
    trading.onFill(fill(1, 0, { orderId: `order-${at}` }));
    trading.onMark(mark(100));
    trading.onFunding({ ...POSITION, paymentId: `payment-${at}`, amount: 0.01, timeMs: 1 });
    trading.onBorrow({ ...POSITION, paymentId: `payment-b${at}`, amount: 0.01, timeMs: 1 });
    trading.onOrder(order(`rejected-${at}`));
    trading.onReject({ orderId: `rejected-${at}`, reason: 'No', timeMs: 1 });
    trading.onOrder(order(`canceled-${at}`));
    trading.onCancel({ orderId: `canceled-${at}`, timeMs: 1 });
  }
  // A smaller gain, a smaller loss, a win that was a loss.
  for (const [fillId, price] of [
    ['fill-x1', 100.5],
    ['fill-x3', 101],
    ['fill-x5', 90],
  ] as const) {
    expect(trading.onCorrection({ kind: 'correct', fillId, ...POSITION, price })).toBe('applied');
  }
  trading.onFill(fill(1, 100));
  const declared = METRICS.filter(({ name }) => CONCERNS.some((concern) => name.startsWith(concern)));
  const isOurs = (name: string): boolean => CONCERNS.some((concern) => name.startsWith(concern));
  const points = (await recording.collect()).points.filter(([name]) => isOurs(name));
  expect((await recording.collect()).names.filter(isOurs).sort()).toEqual(declared.map(({ name }) => name).sort());
  for (const [name, attributes] of points) {
    const keys = declared.find((metric) => metric.name === name)?.attributes ?? [];
    expect(Object.keys(attributes).sort()).toEqual(keys.filter((key) => key !== ATTR_TRADING_ACCOUNT).sort());
    for (const value of Object.values(attributes))
      expect(value).not.toMatch(/^(order|fill|rejected|canceled|payment)-/);
  }
});

test('exports exactly these values', async () => {
  expect(Object.keys(await import('@nanometer/trading')).sort()).toEqual([
    'QuantError',
    'TradingInstrumentation',
    'TradingOptionError',
  ]);
});
