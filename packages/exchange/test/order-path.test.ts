import { expect, test } from '@jest/globals';
import { type DropReason, ExchangeInstrumentation, type ExchangeLimits, type OrderEvent } from '@nanometer/exchange';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_DROP_REASON,
  ATTR_EXCHANGE_NAME,
  ATTR_EXCHANGE_ROUTING_BASIS,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD,
  METRIC_EXCHANGE_ORDER_ACK_DURATION,
  METRIC_EXCHANGE_ORDER_CANCEL_DURATION,
  METRIC_EXCHANGE_ORDER_FILL_DURATION,
  METRIC_EXCHANGE_ORDER_NOTIONAL,
  METRIC_EXCHANGE_ORDER_QUANTITY,
  METRIC_EXCHANGE_ORDER_REJECT_SHARE,
  METRIC_EXCHANGE_ORDER_REJECTED,
  METRIC_EXCHANGE_ORDER_SEND_DURATION,
  METRIC_EXCHANGE_ORDER_SENT,
  METRIC_EXCHANGE_ROUTING_CONCENTRATION,
  METRIC_EXCHANGE_ROUTING_SHARE,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';
import * as fc from 'fast-check';

const nameOf = (exchange: string) => ({ [ATTR_EXCHANGE_NAME]: exchange });

function setUp(limits: ExchangeLimits = {}) {
  const { meterProvider, collect } = new Recording(SDKS[1]![1]);
  const exchange = new ExchangeInstrumentation({ meterProvider, limits });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: reason });
  return { exchange, collect, droppedBy };
}

type Sent = Extract<OrderEvent, { kind: 'sent' }>;
const sent = (changes: Partial<Sent> = {}): OrderEvent => ({
  exchange: 'okx',
  orderId: 'a',
  kind: 'sent',
  timeMs: 1_000,
  ...changes,
});
const step = (kind: 'acknowledged' | 'cancel_sent' | 'canceled', timeMs: number, orderId = 'a'): OrderEvent => ({
  exchange: 'okx',
  orderId,
  kind,
  timeMs,
});
const filled = (changes: Partial<Extract<OrderEvent, { kind: 'filled' }>> = {}): OrderEvent => ({
  exchange: 'okx',
  orderId: 'a',
  kind: 'filled',
  side: 'buy',
  price: 101,
  quantity: 1,
  timeMs: 2_000,
  ...changes,
});

test('records each leg of an order’s way', async () => {
  const { exchange, collect } = setUp();
  exchange.onOrder(sent({ decisionTimeMs: 999.5 }));
  exchange.onOrder(step('acknowledged', 1_250));
  exchange.onOrder(step('acknowledged', 9_999));
  exchange.onOrder(filled({ timeMs: 1_750 }));
  exchange.onOrder(filled({ timeMs: 9_999 }));
  exchange.onOrder(step('cancel_sent', 3_000));
  exchange.onOrder(step('cancel_sent', 3_100));
  exchange.onOrder(step('canceled', 3_500));
  // A fill before the acknowledgement, which it stands for.
  exchange.onOrder(sent({ orderId: 'b' }));
  exchange.onOrder(filled({ orderId: 'b', timeMs: 1_100, isDone: true }));
  const found = await collect();
  const okx = nameOf('okx');
  expect(found.valueOf(METRIC_EXCHANGE_ORDER_SEND_DURATION, okx)).toMatchObject({ count: 1, sum: 0.0005 });
  expect(found.valueOf(METRIC_EXCHANGE_ORDER_ACK_DURATION, okx)).toMatchObject({ count: 1, sum: 0.25 });
  expect(found.valueOf(METRIC_EXCHANGE_ORDER_FILL_DURATION, okx)).toMatchObject({ count: 2, sum: 0.5 });
  expect(found.valueOf(METRIC_EXCHANGE_ORDER_CANCEL_DURATION, okx)).toMatchObject({ count: 1, sum: 0.5 });
  expect(exchange.dropped).toBe(0);
  expect(found.points.some(([, attributes]) => Object.values(attributes).includes('a'))).toBe(false);
});

test('shares, concentration and reject share equal their definitions', async () => {
  const order = fc.record({
    exchange: fc.constantFrom('okx', 'bybit', 'kraken'),
    quantity: fc.integer({ min: 0, max: 9 }),
    notional: fc.integer({ min: 0, max: 900 }),
    isRejected: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 20 }), async (orders) => {
      const { exchange, collect } = setUp();
      orders.forEach(({ exchange: name, quantity, notional, isRejected }, at) => {
        exchange.onOrder(sent({ exchange: name, orderId: String(at), quantity, notional }));
        if (!isRejected) return;
        exchange.onOrder({
          exchange: name,
          orderId: String(at),
          kind: 'rejected',
          errorType: 'InvalidOrder',
          timeMs: 2_000,
        });
      });
      const found = await collect();
      const names = [...new Set(orders.map((each) => each.exchange))];
      const amountOf = {
        orders: () => 1,
        quantity: (each: { quantity: number }) => each.quantity,
        notional: (each: { notional: number }) => each.notional,
      };
      for (const basis of ['orders', 'quantity', 'notional'] as const) {
        const amount = amountOf[basis] as (each: (typeof orders)[number]) => number;
        const total = orders.reduce((sum, each) => sum + amount(each), 0);
        let squares = 0;
        for (const name of names) {
          const own = orders.filter((each) => each.exchange === name).reduce((sum, each) => sum + amount(each), 0);
          squares += (own / total) ** 2;
          const share = found.valueOf(METRIC_EXCHANGE_ROUTING_SHARE, {
            ...nameOf(name),
            [ATTR_EXCHANGE_ROUTING_BASIS]: basis,
          });
          expect(share).toBe(total === 0 ? undefined : own / total);
        }
        const index = found.valueOf(METRIC_EXCHANGE_ROUTING_CONCENTRATION, { [ATTR_EXCHANGE_ROUTING_BASIS]: basis });
        expect(index).toEqual(total === 0 ? undefined : expect.closeTo(squares, 12));
      }
      for (const name of names) {
        const own = orders.filter((each) => each.exchange === name);
        const rejected = own.filter((each) => each.isRejected).length;
        expect(found.valueOf(METRIC_EXCHANGE_ORDER_SENT, nameOf(name))).toBe(own.length);
        expect(found.valueOf(METRIC_EXCHANGE_ORDER_QUANTITY, nameOf(name))).toBe(
          own.reduce((sum, each) => sum + each.quantity, 0),
        );
        expect(found.valueOf(METRIC_EXCHANGE_ORDER_NOTIONAL, nameOf(name))).toBe(
          own.reduce((sum, each) => sum + each.notional, 0),
        );
        expect(found.valueOf(METRIC_EXCHANGE_ORDER_REJECT_SHARE, nameOf(name))).toBe(rejected / own.length);
        const count = found.valueOf(METRIC_EXCHANGE_ORDER_REJECTED, {
          ...nameOf(name),
          [ATTR_ERROR_TYPE]: 'InvalidOrder',
        });
        expect(count ?? 0).toBe(rejected);
      }
    }),
    { numRuns: 30 },
  );
});

test('effective spread by exchange is weighted by notional', async () => {
  const { exchange, collect, droppedBy } = setUp();
  exchange.onOrder(sent());
  exchange.onOrder(filled({ price: 101, mid: 100, notional: 300 }));
  exchange.onOrder(filled({ side: 'sell', price: 101, mid: 100, notional: 100 }));
  exchange.onOrder(filled({ price: 500 }));
  // A fill of an order that is not known says what was paid all the same.
  exchange.onOrder(filled({ exchange: 'bybit', orderId: '?', price: 202, quantity: 2, mid: 200 }));
  for (const bad of [Number.NaN, 0, -1]) {
    exchange.onOrder(filled({ price: bad, mid: 100 }));
    exchange.onOrder(filled({ mid: bad }));
    exchange.onOrder(filled({ mid: 100, notional: bad }));
  }
  const found = await collect();
  expect(found.valueOf(METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD, nameOf('okx'))).toBeCloseTo(
    (200 * 300 - 200 * 100) / 400,
    9,
  );
  expect(found.valueOf(METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD, nameOf('bybit'))).toBeCloseTo(200, 9);
  expect(await droppedBy('invalid_amount')).toBe(9);
  expect(await droppedBy('unknown_order')).toBe(1);
});

test('an order that the exchange ended before it was asked to has no cancel duration, and nothing is dropped', async () => {
  const { exchange, collect } = setUp();
  exchange.onOrder(sent({ orderId: 'a' }));
  exchange.onOrder(step('cancel_sent', 3_000));
  exchange.onOrder(step('canceled', 2_900));
  expect((await collect()).names).not.toContain('exchange.order.cancel.duration');
  expect(exchange.dropped).toBe(0);
});

test('what cannot be on an order’s way is counted, and orders are bounded', async () => {
  const { exchange, droppedBy } = setUp({ orders: 2 });
  exchange.onOrder(sent({ orderId: '' }));
  exchange.onOrder(sent({ timeMs: Number.NaN }));
  exchange.onOrder(step('canceled', 1));
  exchange.onOrder(sent({ orderId: 'a', quantity: -1, notional: Infinity }));
  exchange.onOrder(sent({ orderId: 'a' }));
  exchange.onOrder(step('acknowledged', 1));
  exchange.onOrder({ ...step('canceled', 2_000), kind: 'lost' } as never);
  for (let at = 0; at < 10; at++) exchange.onOrder(sent({ orderId: `n${at}` }));
  expect(await droppedBy('invalid_order')).toBe(3);
  expect(await droppedBy('invalid_time')).toBe(1);
  expect(await droppedBy('unknown_order')).toBe(1);
  expect(await droppedBy('invalid_amount')).toBe(2);
  // Acknowledged before it was sent.
  expect(await droppedBy('invalid_duration')).toBe(1);
  expect(await droppedBy('too_many_orders')).toBe(9);
});
