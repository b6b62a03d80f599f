import { describe, expect, test } from '@jest/globals';
import { implementationShortfall } from '@nanometer/quant';
import * as fc from 'fast-check';
import { desk } from '../desk.ts';
import { CONTRACT, fill, INVERSE, order } from '../events.ts';
import { expectClose, quote } from './quotes.ts';

const NAME = 'trading.execution.shortfall';

function partsOf(series: Readonly<Record<string, unknown>>, contract = CONTRACT): readonly unknown[] {
  return ['delay', 'trading', 'opportunity', 'fees'].map(
    (part) => series[`${NAME}{venue,${contract.currency},${part},maker,${contract.symbol}}`],
  );
}

const parent = {
  exchange: CONTRACT.exchange,
  symbol: CONTRACT.symbol,
  strategy: 'maker',
  side: 'buy',
  timeMs: 900,
} as const;

describe('implementation shortfall', () => {
  test('a parent worked by two orders and given up: the published example', async () => {
    const { trading, recording } = desk();
    trading.onQuote(quote(10, 800));
    trading.onParentOrder({ ...parent, parentId: 'p', quantity: 5000 });
    trading.onQuote(quote(10.25, 950));
    trading.onOrder(order('1', { parentId: 'p', quantity: 2000 }));
    for (const price of [10, 11, 10, 11]) trading.onFill(fill(500, price, { orderId: '1', fee: 10, timeMs: 1001 }));
    trading.onQuote(quote(11, 1100));
    trading.onOrder(order('2', { parentId: 'p', quantity: 3000, timeMs: 1101 }));
    for (const price of [10, 11, 10, 11]) trading.onFill(fill(500, price, { orderId: '2', fee: 10, timeMs: 1102 }));
    trading.onCancel({ orderId: '2', timeMs: 1103 });
    expect(trading.openParents).toBe(1);
    expect(trading.onParentEnd({ parentId: 'p', timeMs: 1104 })).toBe('applied');
    expect(trading.onParentEnd({ parentId: 'p', timeMs: 1104 })).toBe('unknown_parent');
    expect(trading.openParents).toBe(0);
    const series = await recording.series(NAME);
    expect(partsOf(series)).toEqual([1250, 1000, 750, 80]);
    expect(series).toMatchObject({
      [`${NAME}.value{venue,USDT,maker,BTCUSDT}`]: 50_000,
      [`${NAME}.order{venue,USDT,maker,BTCUSDT}`]: 1,
    });
  });

  test('an order with a decision mid is its own parent; one without is none, and one that was refused neither', async () => {
    const { trading, recording } = desk();
    trading.onQuote(quote(101, 900));
    trading.onOrder(order('1', { quantity: 2, decisionMid: 100 }));
    trading.onFill(fill(2, 103, { orderId: '1', fee: 0.5, timeMs: 1001 }));
    trading.onOrder(order('2'));
    trading.onFill(fill(1, 200, { orderId: '2', timeMs: 1001 }));
    trading.onOrder(order('3', { decisionMid: 1 }));
    trading.onReject({ orderId: '3', reason: 'No', timeMs: 1001 });
    expect(partsOf(await recording.series(NAME))).toEqual([2, 4, 0, 0.5]);
    trading.onFill(fill(1, 100, { orderId: '1', timeMs: 1002 }));
    expect(await recording.series('trading.event')).toEqual({ 'trading.event.dropped{fill_after_end}': 1 });
  });

  test('a parent that was never sent is all delay', async () => {
    const { trading, recording } = desk();
    trading.onParentOrder({ ...parent, parentId: 'p', side: 'sell', quantity: 3, decisionMid: 100 });
    trading.onParentEnd({ parentId: 'p', endMid: 98, timeMs: 1000 });
    expect(partsOf(await recording.series(NAME))).toEqual([6, 0, 0, 0]);
  });

  test('what has no price, no parent or another market is counted and in no shortfall; parents are bounded', async () => {
    const { trading, recording } = desk({ execution: { parentLimit: 2 } });
    trading.onOrder(order('unpriced', { decisionMid: 100 }));
    trading.onCancel({ orderId: 'unpriced', timeMs: 1001 });
    trading.onOrder(order('orphan', { parentId: 'nobody' }));
    for (const parentId of ['a', 'b', 'c'])
      trading.onParentOrder({ ...parent, parentId, quantity: 1, decisionMid: 100 });
    expect(trading.openParents).toBe(2);
    trading.onOrder(order('other', { parentId: 'c', symbol: INVERSE.symbol, quantity: 1 }));
    trading.onFill(fill(1, 100, { orderId: 'other', symbol: INVERSE.symbol, timeMs: 1001 }));
    trading.onOrder(order('late', { parentId: 'a' }));
    expect(await recording.series(NAME, 'trading.event')).toEqual({
      'trading.event.dropped{shortfall_unpriced}': 1,
      'trading.event.dropped{unknown_parent}': 2,
      'trading.event.dropped{parent_evicted}': 1,
      'trading.event.dropped{parent_mismatch}': 1,
    });
  });

  test.each([
    [null, 'invalid_event'],
    [{ parentId: '' }, 'invalid_parent_id'],
    [{ strategy: '' }, 'invalid_strategy'],
    [{ side: 'hold' }, 'invalid_side'],
    [{ quantity: -0 }, 'invalid_quantity'],
    [{ quantity: Number.NaN }, 'invalid_quantity'],
    [{ decisionMid: Infinity }, 'invalid_price'],
    [{ timeMs: Number.NaN }, 'invalid_time'],
    [{ symbol: 'NOPE' }, 'unknown_contract'],
  ])('a parent with %p is refused as %s', (wrong, reason) => {
    const { trading } = desk();
    const event = wrong === null ? null : { ...parent, parentId: 'p', quantity: 1, decisionMid: 1, ...wrong };
    expect(trading.onParentOrder(event as Parameters<typeof trading.onParentOrder>[0])).toBe(reason);
    expect([trading.openParents, trading.dropped]).toEqual([0, 1]);
  });

  test('the parts of random parent orders add up to the total, in a stream as in one formula', async () => {
    const price = fc.integer({ min: 50, max: 200 });
    const work = fc.record({
      quantity: fc.integer({ min: 1, max: 50 }),
      fills: fc.array(
        fc.record({ quantity: fc.integer({ min: 1, max: 10 }), price, fee: fc.integer({ min: -5, max: 5 }) }),
        {
          maxLength: 6,
        },
      ),
      buys: fc.boolean(),
      decisionMid: price,
      arrivalMid: price,
      endMid: price,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 8 }), async (works) => {
        const { trading, recording } = desk();
        const expected = { total: 0, delay: 0, trading: 0, opportunity: 0, fees: 0 };
        works.forEach(({ quantity, fills, buys, decisionMid, arrivalMid, endMid }, at) => {
          const parentId = `p${at}`;
          const side = buys ? 'buy' : 'sell';
          trading.onParentOrder({ ...parent, parentId, side, quantity, decisionMid });
          let left = quantity;
          const taken = fills.flatMap((each) => {
            const size = Math.min(left, each.quantity);
            left -= size;
            return size === 0 ? [] : [{ ...each, quantity: size }];
          });
          // Two orders share the work: the first one's arrival is the parent's.
          trading.onOrder(order(`${at}a`, { parentId, side, quantity, arrivalMid }));
          trading.onOrder(order(`${at}b`, { parentId, side, quantity, arrivalMid: 1 }));
          taken.forEach((each, index) =>
            trading.onFill(
              fill(buys ? each.quantity : -each.quantity, each.price, {
                orderId: `${at}${index % 2 === 0 ? 'a' : 'b'}`,
                fee: each.fee,
                timeMs: 1001,
              }),
            ),
          );
          trading.onParentEnd({ parentId, endMid, timeMs: 2000 });
          const fees = taken.reduce((sum, { fee }) => sum + fee, 0);
          const plain = implementationShortfall({
            direction: buys ? 1 : -1,
            quantity,
            fills: taken,
            decisionPrice: decisionMid,
            arrivalPrice: arrivalMid,
            endPrice: endMid,
            fees,
          })!;
          for (const key of Object.keys(expected) as (keyof typeof expected)[]) expected[key] += plain[key];
        });
        const parts = partsOf(await recording.series(NAME)) as number[];
        [expected.delay, expected.trading, expected.opportunity, expected.fees].forEach((value, at) =>
          expectClose(parts[at], value, 1e4),
        );
        expectClose(
          parts.reduce((sum, part) => sum + part, 0),
          expected.total,
          1e4,
        );
        expect(trading.openParents).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
