import { describe, expect, test } from '@jest/globals';
import { unitValue } from '@nanometer/quant';
import * as fc from 'fast-check';
import { desk } from '../desk.ts';
import { CONTRACT, fill, INVERSE, order } from '../events.ts';
import { expectClose, quote } from './quotes.ts';

describe('slippage', () => {
  test('slippage against every benchmark, of a purchase and of a sale', async () => {
    const { trading, recording } = desk();
    const trade = { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol };
    trading.onQuote(quote(100, 900));
    trading.onOrder(order('1', { quantity: 2, price: 103, decisionMid: 98, expectedPrice: 101, timeMs: 1000 }));
    trading.onQuote(quote(101, 1001));
    trading.onAck({ orderId: '1', timeMs: 1002 });
    trading.onMarketTrade({ ...trade, price: 100, quantity: 3 });
    trading.onMarketTrade({ ...trade, price: 104, quantity: 1 });
    trading.onQuote(quote(102, 1003));
    // At the same time as the fill: the quote that stood just before it is the one of 1003.
    trading.onQuote(quote(200, 1004));
    trading.onFill(fill(2, 102, { orderId: '1', timeMs: 1004 }));
    const cost = 'trading.execution.slippage.cost';
    const value = 'trading.execution.slippage.value';
    expect(await recording.series(cost, value)).toEqual({
      [`${cost}{venue,USDT,decision_mid,maker,BTCUSDT}`]: 8,
      [`${value}{venue,USDT,decision_mid,maker,BTCUSDT}`]: 196,
      [`${cost}{venue,USDT,arrival_mid,maker,BTCUSDT}`]: 4,
      [`${value}{venue,USDT,arrival_mid,maker,BTCUSDT}`]: 200,
      [`${cost}{venue,USDT,ack_mid,maker,BTCUSDT}`]: 2,
      [`${value}{venue,USDT,ack_mid,maker,BTCUSDT}`]: 202,
      [`${cost}{venue,USDT,far_touch,maker,BTCUSDT}`]: -1,
      [`${value}{venue,USDT,far_touch,maker,BTCUSDT}`]: 205,
      [`${cost}{venue,USDT,limit,maker,BTCUSDT}`]: -2,
      [`${value}{venue,USDT,limit,maker,BTCUSDT}`]: 206,
      [`${cost}{venue,USDT,expected,maker,BTCUSDT}`]: 2,
      [`${value}{venue,USDT,expected,maker,BTCUSDT}`]: 202,
      [`${cost}{venue,USDT,interval_vwap,maker,BTCUSDT}`]: 2,
      [`${value}{venue,USDT,interval_vwap,maker,BTCUSDT}`]: 202,
    });
    trading.onFill(fill(-1, 99, { decisionMid: 100, expectedPrice: 98, timeMs: 1005 }));
    const series = await recording.series('trading.execution.slippage');
    expect(series['trading.execution.slippage{venue,decision_mid,cost,maker}']).toEqual([
      2,
      expect.closeTo(((102 - 98) / 98) * 10_000 + 100),
    ]);
    expect(series['trading.execution.slippage{venue,expected,improvement,maker}']).toEqual([
      1,
      expect.closeTo((1 / 98) * 10_000),
    ]);
    // The far touch of a sale is the bid.
    expect(series['trading.execution.slippage{venue,far_touch,cost,maker}']).toEqual([
      1,
      expect.closeTo(((199.5 - 99) / 199.5) * 10_000),
    ]);
  });

  test('what an event says goes before what the quotes say, and a fill before its order', async () => {
    const { trading, recording } = desk();
    trading.onQuote(quote(500, 900));
    trading.onOrder(order('1', { price: undefined, arrivalMid: 100, expectedPrice: 100 }));
    trading.onAck({ orderId: '1', mid: 50, timeMs: 1000 });
    trading.onFill(fill(1, 100, { orderId: '1', expectedPrice: 80, timeMs: 1001 }));
    const series = await recording.series('trading.execution.slippage.value');
    const of = (benchmark: string): unknown =>
      series[`trading.execution.slippage.value{venue,USDT,${benchmark},maker,BTCUSDT}`];
    expect([of('arrival_mid'), of('ack_mid'), of('expected'), of('limit'), of('interval_vwap')]).toEqual([
      100,
      50,
      80,
      undefined,
      undefined,
    ]);
  });

  test('a price to compare with that is none is left out and counted, and the event counts', async () => {
    const { trading, recording } = desk();
    const hostile = [0, -1, Number.NaN, Infinity, 5e-324, '7' as unknown as number, null as unknown as number];
    hostile.forEach((price, at) => {
      expect(trading.onOrder(order(`${at}`, { price: undefined, decisionMid: price, expectedPrice: price }))).toBe(
        'applied',
      );
      expect(trading.onAck({ orderId: `${at}`, mid: price, timeMs: 1001 })).toBe('applied');
      expect(trading.onFill(fill(1, 100, { orderId: `${at}`, expectedPrice: price, timeMs: 1002 }))).toBe('applied');
    });
    expect(await recording.series('trading.execution.slippage', 'trading.event')).toEqual({
      'trading.event.dropped{invalid_benchmark}': 4 * hostile.length,
    });
  });

  test('the headline slippage is the arrival mid among the benchmarks, where fills carry it', async () => {
    const price = fc.integer({ min: 50, max: 200 });
    const trade = fc.record({ quantity: fc.integer({ min: -9, max: 9 }).filter(Boolean), price, arrivalMid: price });
    await fc.assert(
      fc.asyncProperty(fc.array(trade, { minLength: 1, maxLength: 20 }), async (trades) => {
        const { trading, recording } = desk();
        for (const { quantity, price: at, arrivalMid } of trades) trading.onFill(fill(quantity, at, { arrivalMid }));
        const series = await recording.series('trading.slippage', 'trading.execution.slippage');
        for (const direction of ['cost', 'improvement']) {
          const headline = series[`trading.slippage{venue,${direction},maker}`];
          expect(series[`trading.execution.slippage{venue,arrival_mid,${direction},maker}`]).toEqual(headline);
        }
        const cost = series['trading.execution.slippage.cost{venue,USDT,arrival_mid,maker,BTCUSDT}'];
        expectClose(series['trading.slippage.cost{venue,USDT,maker,BTCUSDT}'], cost as number, 1e4);
      }),
      { numRuns: 30 },
    );
  });

  test('weighted slippage of random fills equals its recomputation', async () => {
    const price = fc.integer({ min: 50, max: 200 });
    const trade = fc.record({
      quantity: fc.integer({ min: 1, max: 100 }).map((tenths) => tenths / 10),
      buys: fc.boolean(),
      price,
      decisionMid: fc.option(price, { nil: undefined }),
      arrivalMid: price,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(trade, { minLength: 1, maxLength: 30 }), fc.boolean(), async (trades, isInverse) => {
        const { trading, recording } = desk();
        const contract = isInverse ? INVERSE : CONTRACT;
        const sums = { decision_mid: [0, 0], arrival_mid: [0, 0] };
        for (const each of trades) {
          const { decisionMid, arrivalMid } = each;
          const signed = each.buys ? each.quantity : -each.quantity;
          trading.onFill(
            fill(signed, each.price, {
              symbol: contract.symbol,
              arrivalMid,
              ...(decisionMid === undefined ? {} : { decisionMid }),
            }),
          );
          for (const [name, benchmark] of Object.entries({ decision_mid: decisionMid, arrival_mid: arrivalMid })) {
            if (benchmark === undefined) continue;
            const at = unitValue(contract, benchmark);
            const sum = sums[name as keyof typeof sums];
            sum[0]! += signed * (unitValue(contract, each.price) - at);
            sum[1]! += Math.abs(signed * at);
          }
        }
        const series = await recording.series('trading.execution.slippage.weighted');
        for (const [name, [cost, value]] of Object.entries(sums)) {
          const key = `trading.execution.slippage.weighted{venue,${contract.currency},${name},maker,${contract.symbol}}`;
          if (value === 0) expect(series[key]).toBeUndefined();
          else expectClose(series[key], (cost! / value!) * 10_000, 1e4);
        }
      }),
      { numRuns: 30 },
    );
  });
});
