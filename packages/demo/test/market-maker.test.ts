import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MarketMaker, TIGHT, WIDE, type WorkingQuote } from '../src/desk/market-maker.ts';
import { OnlineLogit } from '../src/desk/online-logit.ts';
import { Signal } from '../src/desk/signal.ts';
import { describeMarket, roundTo } from '../src/market/market-spec.ts';
import type { Side } from '../src/market/message.ts';
import { SeededRandom } from '../src/market/seeded-random.ts';

describe('the model', () => {
  test('starts undecided and learns what follows its features', () => {
    const model = new OnlineLogit(2);
    expect(model.predict(Float64Array.of(1, -1))).toBe(0.5);
    const random = new SeededRandom(1, 'model');
    for (let i = 0; i < 2000; i++) {
      const features = Float64Array.of(random.between(-1, 1), random.between(-1, 1));
      model.learn(features, (features[0] ?? 0) > 0 ? 1 : 0);
    }
    expect(model.predict(Float64Array.of(0.8, 0))).toBeGreaterThan(0.9);
    expect(model.predict(Float64Array.of(-0.8, 0))).toBeLessThan(0.1);
  });

  test('is not spoiled by features that are not finite', () => {
    const model = new OnlineLogit(1);
    for (const feature of [NaN, Infinity, -Infinity]) model.learn(Float64Array.of(feature), 1);
    expect(model.predict(Float64Array.of(1))).toBe(0.5);
    expect(model.predict(Float64Array.of(1e308))).toBe(0.5);
  });

  test('judges one prediction at a time by the next move of the mid', () => {
    const signal = new Signal();
    expect(signal.settle(100)).toBeUndefined();
    signal.infer(5, 5);
    signal.commit(1);
    expect(signal.settle(100)).toBeUndefined();
    expect(signal.idle).toBe(false);
    expect(signal.settle(101)).toEqual({ predictionId: 1, correct: true });
    expect(signal.idle).toBe(true);
    expect(signal.settle(102)).toBeUndefined();
  });

  test('learns that a heavy bid precedes a rise', () => {
    const signal = new Signal();
    let mid = 100;
    signal.settle(mid);
    for (let i = 0; i < 400; i++) {
      const up = i % 3 !== 0;
      signal.infer(up ? 9 : 1, up ? 1 : 9);
      signal.commit(i);
      signal.onTrade(up ? 1 : -1, i * 10);
      mid += up ? 1 : -1;
      signal.settle(mid);
    }
    expect(signal.infer(9, 1)).toBeGreaterThan(0.6);
    expect(signal.infer(1, 9)).toBeLessThan(0.5);
    expect(signal.infer(0, 0)).toBeGreaterThan(0);
  });
});

describe('MarketMaker', () => {
  const spec = describeMarket('exa', 'BTCUSDT', 1, 3);

  class Orders {
    readonly open = new Map<string, { side: Side; quantity: number; quote: WorkingQuote }>();
    readonly takes: [Side, number][] = [];
    readonly canceled: string[] = [];
    #count = 0;
    place(side: Side, quantity: number, price: number): WorkingQuote {
      const quote = { orderId: `${++this.#count}`, price, canceling: false };
      this.open.set(quote.orderId, { side, quantity, quote });
      return quote;
    }
    cancel(quote: WorkingQuote): void {
      this.canceled.push(quote.orderId);
    }
    takeMarket(side: Side, quantity: number): void {
      this.takes.push([side, quantity]);
    }
    get sides(): Record<string, number> {
      return Object.fromEntries([...this.open.values()].map(({ side, quote }) => [side, quote.price]));
    }
  }

  const view = { bidPrice: 60_000, askPrice: 60_000.1, probabilityUp: 0.5, nowMs: 0 };

  test('joins the touch when tight, stands away when wide', () => {
    const tight = new Orders();
    new MarketMaker(TIGHT, spec, tight, 1).onMarket(view);
    expect(tight.sides).toEqual({ buy: 60_000, sell: 60_000.1 });
    const wide = new Orders();
    new MarketMaker(WIDE, spec, wide, 1).onMarket(view);
    expect(wide.sides).toEqual({ buy: 59_994, sell: 60_006.1 });
  });

  test('leans with the signal and against its inventory', () => {
    const rising = new Orders();
    new MarketMaker(TIGHT, spec, rising, 1).onMarket({ ...view, probabilityUp: 1 });
    expect(rising.sides['buy']).toBe(60_000);
    expect(rising.sides['sell']).toBeGreaterThan(60_004);
    const long = new Orders();
    const maker = new MarketMaker(TIGHT, spec, long, 1);
    maker.position = 0.1;
    maker.onMarket(view);
    expect(long.sides['sell']).toBe(60_000.1);
    expect(long.sides['buy']).toBeLessThan(60_000);
  });

  test('does not quote a side whose position is full, and takes half of it away when that lasts', () => {
    const orders = new Orders();
    const maker = new MarketMaker(TIGHT, spec, orders, 1);
    maker.position = 0.165;
    maker.onMarket(view);
    expect(Object.keys(orders.sides)).toEqual(['sell']);
    maker.onMarket({ ...view, nowMs: TIGHT.patienceMs - 1 });
    expect(orders.takes).toEqual([]);
    maker.onMarket({ ...view, nowMs: TIGHT.patienceMs + TIGHT.requoteMs });
    expect(orders.takes).toEqual([['sell', roundTo(0.165 / 2, 3)]]);
  });

  test('replaces a quote only after its cancel is confirmed', () => {
    const orders = new Orders();
    const maker = new MarketMaker(TIGHT, spec, orders, 1);
    maker.onMarket(view);
    const moved = { ...view, bidPrice: 60_010, askPrice: 60_010.1 };
    maker.onMarket({ ...moved, nowMs: 600 });
    expect(orders.canceled).toEqual(['1', '2']);
    maker.onMarket({ ...moved, nowMs: 1200 });
    expect(orders.open.size).toBe(2);
    maker.onQuoteEnd('buy', '1');
    maker.onMarket({ ...moved, nowMs: 1800 });
    expect(orders.open.size).toBe(3);
    expect(orders.canceled).toHaveLength(2);
  });

  test('rests a side after a fill and stops for good when halted', () => {
    const orders = new Orders();
    const maker = new MarketMaker(TIGHT, spec, orders, 1);
    maker.onMarket(view);
    maker.onFill('buy', 100);
    maker.onQuoteEnd('buy', '1');
    maker.onMarket({ ...view, nowMs: 1000 });
    expect(orders.open.size).toBe(2);
    maker.halt();
    maker.halt();
    expect(orders.canceled).toEqual(['2']);
    maker.onMarket({ ...view, nowMs: 9000 });
    expect(orders.open.size).toBe(2);
  });

  test('never quotes through the touch, on the grid always', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 1_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -200, max: 200 }),
        fc.constantFrom(TIGHT, WIDE),
        (bidTicks, spreadTicks, probabilityUp, position, style) => {
          const orders = new Orders();
          const maker = new MarketMaker(style, spec, orders, 1);
          maker.position = position / 1000;
          const [bidPrice, askPrice] = [bidTicks / 10, (bidTicks + spreadTicks) / 10];
          maker.onMarket({ bidPrice, askPrice, probabilityUp, nowMs: 0 });
          for (const { side, quantity, quote } of orders.open.values()) {
            expect(side === 'buy' ? quote.price <= bidPrice : quote.price >= askPrice).toBe(true);
            expect(roundTo(quote.price, 1)).toBe(quote.price);
            expect(roundTo(quantity, 3)).toBe(quantity);
            expect(quantity).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
