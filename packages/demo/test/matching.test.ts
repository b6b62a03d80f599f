import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MatchingEngine } from '../src/exchange/matching-engine.ts';
import type { FillEvent, NewOrder, OrderEvent } from '../src/exchange/order.ts';
import { describeMarket, type MarketSpec } from '../src/market/market-spec.ts';
import type { Level, MarketMessage, Side } from '../src/market/message.ts';

const SPEC = describeMarket('exa', 'AAAUSDT', 1, 3);
const FEES = { makerBps: -0.5, takerBps: 4 };

class Bench {
  readonly events: OrderEvent[] = [];
  readonly engine: MatchingEngine;
  #timeMs = 0;

  constructor(spec: MarketSpec = SPEC) {
    this.engine = new MatchingEngine(spec, FEES, (event) => this.events.push(event));
  }

  get fills(): FillEvent[] {
    return this.events.filter((event) => event.event === 'fill');
  }

  /** Events since the last call, as short text. */
  take(): string[] {
    return this.events.splice(0).map((event) => {
      if (event.event === 'fill') {
        return `${event.orderId} ${event.liquidity} ${event.quantity}@${event.price} left ${event.remaining}`;
      }
      if ('reason' in event) return `${event.orderId} ${event.reason}`;
      return event.event === 'ack' ? `${event.orderId} ack` : `${event.orderId} ${event.event} ${event.remaining}`;
    });
  }

  bbo(bidPrice: number, bidQuantity: number, askPrice: number, askQuantity: number): this {
    return this.#market({ channel: 'bbo', updateId: 1, bidPrice, bidQuantity, askPrice, askQuantity });
  }

  trade(takerSide: Side, quantity: number, price: number): this {
    return this.#market({ channel: 'trades', tradeId: 1, takerSide, quantity, price });
  }

  depth(bids: Level[], asks: Level[], snapshot = false): this {
    const ids = { firstUpdateId: 1, lastUpdateId: 1, previousUpdateId: undefined };
    return this.#market({ channel: 'depth', snapshot, ...ids, bids, asks });
  }

  order(orderId: string, side: Side, quantity: number, price?: number, extra: Partial<NewOrder> = {}): this {
    const terms = price === undefined ? { type: 'market' as const } : { type: 'limit' as const, price };
    const order = { orderId, symbol: SPEC.symbol, side, quantity, timeInForce: 'GTC' as const, ...terms, ...extra };
    this.engine.submit(order, ++this.#timeMs);
    return this;
  }

  cancel(orderId: string): this {
    this.engine.cancel(orderId, ++this.#timeMs);
    return this;
  }

  #market(fields: object): this {
    const origin = { exchange: SPEC.exchange, symbol: SPEC.symbol, timeMs: ++this.#timeMs, eventOffsetMs: undefined };
    this.engine.onMarketMessage({ ...origin, ...fields } as unknown as MarketMessage);
    return this;
  }
}

describe('an order that crosses', () => {
  test('takes what the touch displays at the touch, and the rest of a limit order waits at its price', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 3, 100.4);
    expect(bench.take()).toEqual(['a ack', 'a taker 2@100.1 left 1']);
    expect(bench.engine.queueAhead('a')).toBe(0);
    bench.bbo(100, 5, 100.4, 7);
    expect(bench.take()).toEqual(['a maker 1@100.4 left 0']);
  });

  test('sells into the bid', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'sell', 3, 99.9);
    expect(bench.take()).toEqual(['a ack', 'a taker 3@100 left 0']);
  });

  test('takes what one update displays only once', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1.5, undefined, { timeInForce: 'IOC' });
    bench.order('b', 'buy', 1.5, undefined, { timeInForce: 'IOC' });
    bench.order('c', 'buy', 1, undefined, { timeInForce: 'IOC' });
    expect(bench.take()).toEqual([
      'a ack',
      'a taker 1.5@100.1 left 0',
      'b ack',
      'b taker 0.5@100.1 left 1',
      'b expire 1',
      'c no_liquidity',
    ]);
    bench.bbo(100, 5, 100.1, 2).order('d', 'buy', 1, undefined, { timeInForce: 'IOC' });
    expect(bench.take()).toEqual(['d ack', 'd taker 1@100.1 left 0']);
  });

  test('is refused when it must not take', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1, 100.1, { timeInForce: 'GTX' });
    bench.order('b', 'sell', 1, 100, { timeInForce: 'GTX' }).order('c', 'sell', 1, 100.1, { timeInForce: 'GTX' });
    expect(bench.take()).toEqual(['a post_only', 'b post_only', 'c ack']);
  });

  test('never rests as immediate-or-cancel', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 3, 100.1, { timeInForce: 'IOC' });
    expect(bench.take()).toEqual(['a ack', 'a taker 2@100.1 left 1', 'a expire 1']);
    bench.order('b', 'buy', 3, 99, { timeInForce: 'IOC' });
    expect(bench.take()).toEqual(['b ack', 'b expire 3']);
    expect(bench.engine.openOrders).toBe(0);
  });

  test('is refused at market before there is a book', () => {
    expect(new Bench().order('a', 'buy', 1).take()).toEqual(['a no_liquidity']);
  });
});

describe('a resting order', () => {
  test('waits behind the size displayed at its price and moves forward with trades and reductions', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1, 100);
    expect(bench.engine.queueAhead('a')).toBe(5);
    bench.trade('sell', 3, 100);
    expect(bench.engine.queueAhead('a')).toBe(2);
    bench.bbo(100, 4, 100.1, 2);
    expect(bench.engine.queueAhead('a')).toBe(2);
    bench.bbo(100, 1.5, 100.1, 2);
    expect(bench.engine.queueAhead('a')).toBe(1.5);
    bench.trade('buy', 9, 100.1);
    expect(bench.engine.queueAhead('a')).toBe(1.5);
    bench.trade('sell', 1.7, 100);
    expect(bench.take()).toEqual(['a ack', 'a maker 0.2@100 left 0.8']);
    expect(bench.engine.queueAhead('a')).toBe(0);
    bench.trade('sell', 5, 100);
    expect(bench.take()).toEqual(['a maker 0.8@100 left 0']);
  });

  test('is first in line at a price better than the touch', () => {
    const bench = new Bench().bbo(100, 5, 100.3, 2).order('a', 'buy', 1, 100.1).trade('sell', 0.4, 100.1);
    expect(bench.take()).toEqual(['a ack', 'a maker 0.4@100.1 left 0.6']);
  });

  test('is first in line when the touch moves away from it', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1, 100).bbo(99.9, 8, 100.1, 2);
    expect(bench.engine.queueAhead('a')).toBe(0);
  });

  test('waits behind the depth where depth is known, and does not know its place where it is not', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).depth([[99.8, 7]], [], true);
    bench.order('a', 'buy', 1, 99.8).order('b', 'buy', 1, 99.7);
    expect([bench.engine.queueAhead('a'), bench.engine.queueAhead('b')]).toEqual([7, undefined]);
    bench.depth([[99.8, 3]], []);
    expect(bench.engine.queueAhead('a')).toBe(3);
    bench.trade('sell', 9, 99.7);
    expect(bench.take()).toEqual(['a ack', 'b ack', 'a maker 1@99.8 left 0']);
    bench.bbo(99.7, 4, 100.1, 2);
    expect(bench.engine.queueAhead('b')).toBe(4);
  });

  test('fills in full at its own price when a trade prints beyond it', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1, 100).order('b', 'sell', 1, 100.1);
    bench.trade('sell', 0.001, 99.9).trade('buy', 0.001, 100.2);
    expect(bench.take().slice(2)).toEqual(['a maker 1@100 left 0', 'b maker 1@100.1 left 0']);
  });

  test('fills with what the opposite touch displays when that reaches its price', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 1, 100).bbo(99.8, 1, 99.9, 0.3);
    expect(bench.take()).toEqual(['a ack', 'a maker 0.3@100 left 0.7']);
  });

  test('shares a trade with the desk\u2019s other orders at its price, in time priority', () => {
    const bench = new Bench().bbo(100, 1, 100.1, 2).order('a', 'buy', 1, 100).order('b', 'buy', 1, 100);
    bench.take();
    bench.trade('sell', 2.5, 100);
    expect(bench.take()).toEqual(['a maker 1@100 left 0', 'b maker 0.5@100 left 0.5']);
  });

  test('ends by cancel, and by the end of the market', () => {
    const bench = new Bench().bbo(100, 1, 100.1, 2).order('a', 'buy', 1, 100).order('b', 'buy', 2, 100);
    bench.cancel('a').cancel('a');
    bench.engine.expireAll(9);
    expect(bench.take().slice(2)).toEqual(['a cancel 1', 'a unknown_order', 'b expire 2']);
  });

  test('ignores a crossed quote', () => {
    const bench = new Bench().bbo(100, 1, 100.1, 2).order('a', 'buy', 1, 100).bbo(100.2, 1, 99.9, 2);
    expect(bench.take()).toEqual(['a ack']);
  });
});

describe('what the exchange refuses', () => {
  test.each([
    ['off the price grid', 1, 100.05, 'price_grid'],
    ['a price of zero', 1, 0, 'price_grid'],
    ['a negative price', 1, -100, 'price_grid'],
    ['a price that is no number', 1, NaN, 'price_grid'],
    ['an infinite price', 1, Infinity, 'price_grid'],
    ['off the quantity grid', 1.0005, 100, 'quantity_grid'],
    ['no quantity', 0, 100, 'quantity_grid'],
    ['minus zero', -0, 100, 'quantity_grid'],
    ['a negative quantity', -1, 100, 'quantity_grid'],
    ['a quantity that is no number', NaN, 100, 'quantity_grid'],
    ['an infinite quantity', Infinity, 100, 'quantity_grid'],
    ['the smallest double', 5e-324, 100, 'quantity_grid'],
    ['a quantity whose grid is beyond doubles', 1e308, 100, 'quantity_grid'],
  ])('%s', (_case, quantity, price, reason) => {
    expect(new Bench().bbo(100, 1, 100.1, 1).order('a', 'buy', quantity, price).take()).toEqual([`a ${reason}`]);
  });

  test('an order id that is open', () => {
    expect(new Bench().order('a', 'buy', 1, 9).order('a', 'buy', 1, 9).take()).toEqual(['a ack', 'a duplicate_order']);
  });
});

describe('fees', () => {
  test('are in the settlement currency, paid by takers and here paid to makers', () => {
    const bench = new Bench().bbo(100, 5, 100.1, 2).order('a', 'buy', 2, 100.1).order('b', 'sell', 1, 100.2);
    bench.trade('buy', 1, 100.3);
    expect(bench.fills.map(({ fee, feeCurrency }) => [fee, feeCurrency])).toEqual([
      [0.08008, 'USDT'],
      [-0.00501, 'USDT'],
    ]);
  });

  test('of inverse contracts are in the coin: contracts x face / price', () => {
    const bench = new Bench(describeMarket('exa', 'BTCUSD_PERP', 1, 0)).bbo(50_000, 50, 50_000.1, 50);
    bench.order('a', 'sell', 20, 50_000);
    // 20 x 100 USD / 50,000 = 0.04 BTC, of which 4 bp.
    expect(bench.fills[0]).toMatchObject({ fee: 0.000016, feeCurrency: 'BTC', quantity: 20 });
  });
});

describe('whatever happens', () => {
  const price = fc.integer({ min: 990, max: 1010 }).map((ticks) => ticks / 10);
  const quantity = fc.integer({ min: 1, max: 5000 }).map((units) => units / 1000);
  const side = fc.constantFrom<Side>('buy', 'sell');
  const level = fc.tuple(price, fc.oneof(quantity, fc.constant(0)));
  const id = fc.integer({ min: 0, max: 30 }).map(String);
  const operation = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('bbo' as const),
        bid: price,
        bidQuantity: quantity,
        ask: price,
        askQuantity: quantity,
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('trade' as const), side, price, quantity }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('depth' as const),
        bids: fc.array(level),
        asks: fc.array(level),
        snapshot: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('order' as const),
        side,
        quantity,
        price: fc.option(price, { nil: undefined }),
        timeInForce: fc.constantFrom('GTC' as const, 'GTX' as const, 'IOC' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), id }) },
  );

  test('no fill is beyond its limit, no queue is negative, no trade is shared out twice, and positions are the sum of fills', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const bench = new Bench();
        const orders = new Map<string, { side: Side; limit: number; quantity: number; filled: number }>();
        let touch = { bid: NaN, bidQuantity: 0, ask: NaN, askQuantity: 0 };
        let position = 0;
        for (const op of operations) {
          const before = bench.events.length;
          if (op.do === 'bbo') {
            bench.bbo(op.bid, op.bidQuantity, op.ask, op.askQuantity);
            if (op.bid < op.ask) touch = { ...op };
          } else if (op.do === 'trade') bench.trade(op.side, op.quantity, op.price);
          else if (op.do === 'depth') bench.depth(op.bids, op.asks, op.snapshot);
          else if (op.do === 'cancel') bench.cancel(op.id);
          else {
            const orderId = String(orders.size);
            const limit = op.price ?? (op.side === 'buy' ? Infinity : 0);
            orders.set(orderId, { side: op.side, limit, quantity: op.quantity, filled: 0 });
            bench.order(orderId, op.side, op.quantity, op.price, { timeInForce: op.timeInForce });
          }
          let traded = 0;
          let taken = 0;
          for (const event of bench.events.slice(before)) {
            if (event.event !== 'fill') continue;
            const order = orders.get(event.orderId);
            if (!order) throw new Error('a fill of an order that was never sent');
            order.filled = Math.round((order.filled + event.quantity) * 1000) / 1000;
            position += event.side === 'buy' ? event.quantity : -event.quantity;
            expect(event.quantity).toBeGreaterThan(0);
            expect(event.side).toBe(order.side);
            expect(event.side === 'buy' ? event.price <= order.limit : event.price >= order.limit).toBe(true);
            expect(event.remaining).toBeCloseTo(order.quantity - order.filled, 9);
            if (op.do === 'trade' && event.price === op.price) traded += event.quantity;
            if (event.liquidity === 'taker') taken += event.quantity;
          }
          if (op.do === 'trade') expect(traded).toBeLessThanOrEqual(op.quantity + 1e-9);
          if (op.do === 'order') {
            const shown = op.side === 'buy' ? touch.askQuantity : touch.bidQuantity;
            expect(taken).toBeLessThanOrEqual(shown + 1e-9);
          }
          for (const orderId of orders.keys()) expect(bench.engine.queueAhead(orderId) ?? 0).toBeGreaterThanOrEqual(0);
        }
        const signed = [...orders.values()].map(({ side: of, filled }) => (of === 'buy' ? filled : -filled));
        expect(position).toBeCloseTo(
          signed.reduce((sum, filled) => sum + filled, 0),
          6,
        );
        for (const { filled, quantity: ordered } of orders.values()) expect(filled).toBeLessThanOrEqual(ordered);
      }),
      { numRuns: 400 },
    );
  });
});
