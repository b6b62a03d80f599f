import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { desk } from '../desk.ts';
import { fill, order } from '../events.ts';
import { expectClose } from './quotes.ts';

describe('how orders end', () => {
  test('orders end as filled, partial, canceled or rejected, and every ratio follows from the counters', async () => {
    const { trading, recording } = desk();
    trading.onOrder(order('1', { quantity: 4, timeInForce: 'GTC' }));
    trading.onFill(fill(1, 100, { orderId: '1', timeMs: 1500 }));
    trading.onFill(fill(3, 100, { orderId: '1', timeMs: 2000 }));
    trading.onOrder(order('2', { quantity: 2, timeInForce: 'GTC' }));
    trading.onFill(fill(0.5, 100, { orderId: '2', timeMs: 1500 }));
    trading.onCancel({ orderId: '2', timeMs: 3000 });
    trading.onOrder(order('3', { quantity: 3, type: 'market' }));
    trading.onCancel({ orderId: '3', timeMs: 1250 });
    trading.onOrder(order('4'));
    trading.onReject({ orderId: '4', reason: 'No', timeMs: 1001 });
    trading.onOrder(order('5'));
    // After the cancel: the quantity counts, the outcome stays.
    trading.onFill(fill(0.5, 100, { orderId: '2', timeMs: 3001 }));
    const venue = 'venue,maker,BTCUSDT';
    expect(await recording.series('trading.execution.')).toEqual({
      'trading.execution.order.ended{venue,filled,GTC,limit,maker,BTCUSDT}': 1,
      'trading.execution.order.ended{venue,partial,GTC,limit,maker,BTCUSDT}': 1,
      'trading.execution.order.ended{venue,canceled,market,maker,BTCUSDT}': 1,
      'trading.execution.order.ended{venue,rejected,limit,maker,BTCUSDT}': 1,
      [`trading.execution.quantity.requested{${venue}}`]: 10,
      [`trading.execution.quantity.filled{${venue}}`]: 5,
      'trading.execution.fill_rate{venue,quantity,maker,BTCUSDT}': 0.5,
      'trading.execution.fill_rate{venue,order,maker,BTCUSDT}': 0.25,
      [`trading.execution.partial_rate{${venue}}`]: 0.25,
      [`trading.execution.reject_rate{${venue}}`]: 0.25,
      [`trading.execution.cancel_to_fill{${venue}}`]: 1,
      [`trading.execution.order_to_trade{${venue}}`]: 5 / 4,
      'trading.execution.done.duration{venue,filled,maker}': [1, 1],
      'trading.execution.done.duration{venue,partial,maker}': [1, 2],
      'trading.execution.done.duration{venue,canceled,maker}': [1, 0.25],
      'trading.execution.done.duration{venue,rejected,maker}': [1, 0.001],
      // Every order has a limit of 100.
      'trading.execution.slippage{venue,limit,cost,maker}': [4, 0],
      'trading.execution.slippage.cost{venue,USDT,limit,maker,BTCUSDT}': 0,
      'trading.execution.slippage.value{venue,USDT,limit,maker,BTCUSDT}': 500,
      'trading.execution.slippage.weighted{venue,USDT,limit,maker,BTCUSDT}': 0,
    });
  });

  test('nothing is said of ratios before the first order has ended', async () => {
    const { trading, recording } = desk();
    trading.onOrder(order('1', { price: undefined }));
    expect(await recording.series('trading.execution.')).toEqual({});
    trading.close();
    trading.onCancel({ orderId: '1', timeMs: 1001 });
    expect(Object.keys(await recording.series('trading.execution.fill_rate'))).toEqual([]);
  });

  test('counts and ratios of random order streams equal their recomputation', async () => {
    const life = fc.record({
      quantity: fc.integer({ min: 1, max: 9 }),
      fills: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
      end: fc.constantFrom('cancel', 'reject', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 15 }), async (lives) => {
        const { trading, recording } = desk();
        const ended = { filled: 0, partial: 0, canceled: 0, rejected: 0 };
        let [requested, filledQuantity, fillCount] = [0, 0, 0];
        lives.forEach(({ quantity, fills, end }, at) => {
          const orderId = String(at);
          trading.onOrder(order(orderId, { quantity }));
          let filled = 0;
          let outcome: keyof typeof ended | undefined;
          for (const size of fills) {
            trading.onFill(fill(size, 100, { orderId, timeMs: 1001 }));
            filled += size;
            if (filled >= quantity) outcome = 'filled';
          }
          if (outcome === undefined && end === 'cancel') outcome = filled > 0 ? 'partial' : 'canceled';
          if (outcome === undefined && end === 'reject') outcome = filled > 0 ? 'partial' : 'rejected';
          if (end === 'cancel') trading.onCancel({ orderId, timeMs: 1002 });
          if (end === 'reject') trading.onReject({ orderId, reason: 'No', timeMs: 1002 });
          fillCount += fills.length;
          if (outcome === undefined) return;
          ended[outcome]++;
          requested += quantity;
          filledQuantity += filled;
        });
        const series = await recording.series('trading.execution.');
        const total = ended.filled + ended.partial + ended.canceled + ended.rejected;
        const expected: Record<string, number> = {};
        if (fillCount > 0) expected['order_to_trade{venue,maker,BTCUSDT}'] = lives.length / fillCount;
        if (total > 0) {
          expected['fill_rate{venue,quantity,maker,BTCUSDT}'] = filledQuantity / requested;
          expected['fill_rate{venue,order,maker,BTCUSDT}'] = ended.filled / total;
          expected['partial_rate{venue,maker,BTCUSDT}'] = ended.partial / total;
          expected['reject_rate{venue,maker,BTCUSDT}'] = ended.rejected / total;
          expected['quantity.requested{venue,maker,BTCUSDT}'] = requested;
        }
        const traded = ended.filled + ended.partial;
        if (traded > 0) expected['cancel_to_fill{venue,maker,BTCUSDT}'] = (ended.canceled + ended.partial) / traded;
        for (const [outcome, count] of Object.entries(ended)) {
          if (count > 0) expected[`order.ended{venue,${outcome},limit,maker,BTCUSDT}`] = count;
        }
        for (const [key, value] of Object.entries(expected)) expectClose(series[`trading.execution.${key}`], value);
        if (total === 0) expect(series['trading.execution.fill_rate{venue,order,maker,BTCUSDT}']).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
});
