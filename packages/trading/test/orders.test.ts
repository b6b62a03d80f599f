import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { desk } from './desk.ts';
import { fill, order } from './events.ts';

describe('orders', () => {
  test('an acknowledgement that arrives after the last fill still counts', async () => {
    const { trading, recording } = desk();
    trading.onOrder(order('1'));
    trading.onFill(fill(1, 100, { orderId: '1', timeMs: 1001 }));
    expect(trading.openOrders).toBe(0);
    expect(trading.onAck({ orderId: '1', timeMs: 1003 })).toBe('applied');
    expect(trading.onAck({ orderId: '1', timeMs: 1004 })).toBe('duplicate');
    expect(await recording.series('trading.order.ack')).toEqual({
      'trading.order.acknowledged{venue,maker,BTCUSDT}': 1,
      'trading.order.ack.duration{venue,maker}': [1, 0.003],
    });
  });

  test('partial fills in decimals end an order when they add up to it', () => {
    const { trading } = desk();
    trading.onOrder(order('1', { quantity: 0.3 }));
    trading.onFill(fill(0.1, 100, { orderId: '1' }));
    trading.onFill(fill(0.1, 100, { orderId: '1' }));
    expect(trading.openOrders).toBe(1);
    trading.onFill(fill(0.1, 100, { orderId: '1' }));
    expect(trading.openOrders).toBe(0);
    expect(trading.onCancel({ orderId: '1', timeMs: 2000 })).toBe('order_ended');
  });

  test('a fill after the cancel counts as a fill and does not end the order twice', async () => {
    const { trading, recording } = desk();
    trading.onOrder(order('1'));
    trading.onCancel({ orderId: '1', timeMs: 2000 });
    trading.onFill(fill(1, 100, { orderId: '1' }));
    trading.onReject({ orderId: '1', reason: 'Late', timeMs: 2000 });
    expect(await recording.series('trading.order.open', 'trading.fill.count', 'trading.event')).toEqual({
      'trading.order.open{venue,maker,BTCUSDT}': 0,
      'trading.fill.count{venue,maker,buy,maker,BTCUSDT}': 1,
      'trading.event.dropped{order_ended}': 1,
    });
  });

  test('a fill of an order nobody announced counts as a fill', () => {
    const { trading } = desk();
    expect(trading.onFill(fill(1, 100, { orderId: 'elsewhere' }))).toBe('applied');
    expect(trading.dropped).toBe(0);
  });

  test('times that go backwards give no duration and are counted', async () => {
    const { trading, recording } = desk();
    trading.onOrder(order('1', { timeMs: 5000 }));
    trading.onAck({ orderId: '1', timeMs: 4999 });
    trading.onFill(fill(1, 100, { orderId: '1', timeMs: 4998 }));
    const collected = await recording.series('trading.order', 'trading.event');
    expect(collected).toMatchObject({
      'trading.order.acknowledged{venue,maker,BTCUSDT}': 1,
      'trading.event.dropped{negative_duration}': 3,
    });
    expect(Object.keys(collected).filter((key) => key.includes('duration{'))).toEqual([]);
  });

  test('the oldest open order is forgotten beyond the limit, and counted', async () => {
    const { trading, recording } = desk({ openOrderLimit: 2, endedOrderLimit: 1 });
    for (const id of ['1', '2', '3', '4']) trading.onOrder(order(id));
    expect(trading.openOrders).toBe(2);
    expect(trading.onAck({ orderId: '2', timeMs: 1001 })).toBe('unknown_order');
    trading.onCancel({ orderId: '3', timeMs: 1001 });
    trading.onCancel({ orderId: '4', timeMs: 1001 });
    expect(trading.trackedOrders).toBe(1);
    expect(await recording.series('trading.order.open', 'trading.event')).toEqual({
      'trading.order.open{venue,maker,BTCUSDT}': 0,
      'trading.event.dropped{order_evicted}': 2,
      'trading.event.dropped{unknown_order}': 1,
    });
  });

  test('memory stays within the limits whatever happens to the orders', () => {
    const action = fc.record({
      kind: fc.constantFrom('order', 'ack', 'reject', 'cancel', 'fill'),
      id: fc.nat({ max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const { trading } = desk({ openOrderLimit: 5, endedOrderLimit: 3 });
        const open = new Set<number>();
        for (const { kind, id } of actions) {
          const orderId = String(id);
          if (kind === 'order' && trading.onOrder(order(orderId)) === 'applied') {
            open.add(id);
            if (open.size > 5) open.delete(open.values().next().value as number);
          }
          if (kind === 'ack') trading.onAck({ orderId, timeMs: 1 });
          if (kind === 'reject' && trading.onReject({ orderId, reason: 'No', timeMs: 1 }) === 'applied')
            open.delete(id);
          if (kind === 'cancel' && trading.onCancel({ orderId, timeMs: 1 }) === 'applied') open.delete(id);
          if (kind === 'fill') {
            trading.onFill(fill(1, 100, { orderId }));
            open.delete(id);
          }
          expect(trading.openOrders).toBe(open.size);
          expect(trading.trackedOrders).toBeLessThanOrEqual(8);
        }
      }),
    );
  });

  test('series of orders are bounded: further combinations, types and reasons do not become series', async () => {
    const { trading, recording } = desk({ orderSeriesLimit: 2 });
    for (let at = 0; at < 100; at++) {
      trading.onOrder(order(`type-${at}`, { type: `type-${at}` }));
      trading.onOrder(order(`reason-${at}`));
      trading.onReject({ orderId: `reason-${at}`, reason: `reason ${at}`, timeMs: 1001 });
      trading.onOrder(order(`symbol-${at}`, { symbol: `SYMBOL${at}` }));
    }
    const counts = await recording.series('trading.order.count');
    expect(Object.keys(counts)).toHaveLength(18);
    expect(counts['trading.order.count{venue,_OTHER,buy,maker,BTCUSDT}']).toBeGreaterThan(80);
    expect(Object.keys(await recording.series('trading.order.rejected'))).toHaveLength(65);
    expect(await recording.series('trading.event')).toEqual({ 'trading.event.dropped{series_limit}': 99 });
  });

  test('how many types, times in force and reasons become series is set by options', async () => {
    const { trading, recording } = desk({ orderTypeLimit: 1, timeInForceLimit: 2, rejectReasonLimit: 3 });
    for (let at = 0; at < 5; at++) {
      trading.onOrder(order(`${at}`, { type: `type ${at}`, timeInForce: `time ${at}` }));
      trading.onReject({ orderId: `${at}`, reason: `reason ${at}`, timeMs: 1001 });
    }
    expect(await recording.series('trading.order.count', 'trading.order.rejected')).toEqual({
      'trading.order.count{venue,type 0,buy,maker,BTCUSDT}': 1,
      'trading.order.count{venue,_OTHER,buy,maker,BTCUSDT}': 4,
      'trading.order.rejected{reason 0,venue,maker,BTCUSDT}': 1,
      'trading.order.rejected{reason 1,venue,maker,BTCUSDT}': 1,
      'trading.order.rejected{reason 2,venue,maker,BTCUSDT}': 1,
      'trading.order.rejected{_OTHER,venue,maker,BTCUSDT}': 2,
    });
    expect(await recording.series('trading.execution.order.ended')).toEqual({
      'trading.execution.order.ended{venue,rejected,time 0,type 0,maker,BTCUSDT}': 1,
      'trading.execution.order.ended{venue,rejected,time 1,_OTHER,maker,BTCUSDT}': 1,
      'trading.execution.order.ended{venue,rejected,_OTHER,_OTHER,maker,BTCUSDT}': 3,
    });
  });
});
