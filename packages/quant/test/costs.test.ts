import { describe, expect, test } from '@jest/globals';
import { allocateCost, FeeAccount, FeeSchedule, RollingVolume } from '@nanometer/quant';
import * as fc from 'fast-check';

const DAY = 86_400_000;
const SCHEDULE = new FeeSchedule([
  { volume: 0, maker: 0.0002, taker: 0.0005 },
  { volume: 1_000_000, maker: 0.0001, taker: 0.0004 },
  { volume: 10_000_000, maker: -0.0001, taker: 0.0003 },
]);

describe('fee tiers', () => {
  test('the tier and the way to the next one', () => {
    expect(SCHEDULE.standingAt(999_999)).toMatchObject({ tier: 0, distance: 1, maker: 0.0002 });
    expect(SCHEDULE.standingAt(1_000_000)).toMatchObject({ tier: 1, distance: 9_000_000, taker: 0.0004 });
    expect(SCHEDULE.standingAt(1e12)).toMatchObject({ tier: 2, distance: undefined });
    expect(SCHEDULE.standingAt(Number.NaN)).toMatchObject({ tier: 0, distance: 1_000_000 });
    expect(SCHEDULE.standingAt(-5)).toMatchObject({ tier: 0, distance: 1_000_000 });
  });

  test('what the next tier would have saved is the difference of the two bills', () => {
    fc.assert(
      fc.property(fc.nat(20_000_000), fc.nat(1_000_000), fc.nat(1_000_000), (volume, maker, taker) => {
        const { tier } = SCHEDULE.standingAt(volume);
        const bill = (at: number): number => maker * SCHEDULE.tiers[at]!.maker + taker * SCHEDULE.tiers[at]!.taker;
        const saving = SCHEDULE.savingAtNext(volume, maker, taker);
        if (tier === 2) expect(saving).toBeUndefined();
        else expect(saving).toBeCloseTo(bill(tier) - bill(tier + 1), 6);
      }),
    );
  });

  test('making instead of taking saves the difference of the rates on what would have filled', () => {
    expect(SCHEDULE.savingAsMaker(0, 1_000_000, 0.6)).toBeCloseTo(1_000_000 * 0.0003 * 0.6, 9);
    expect([SCHEDULE.savingAsMaker(0, 1, 1.1), SCHEDULE.savingAsMaker(0, 1, Number.NaN)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each([
    [[], 'at least one tier'],
    [[{ volume: 1, maker: 0, taker: 0 }], 'begins at 1'],
    [
      [
        { volume: 0, maker: 0, taker: 0 },
        { volume: 0, maker: 0, taker: 0 },
      ],
      'fee tier 1 begins at 0',
    ],
    [[{ volume: 0, maker: 2, taker: 0 }], 'takes 2'],
  ])('refuses %p', (tiers, message) => {
    expect(() => new FeeSchedule(tiers)).toThrow(message);
  });
});

describe('the volume of the latest days', () => {
  test('is the sum over the days of the window, whatever the order of the fills', () => {
    const fills = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 * 24 }), fc.nat(1000)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 40 }), (list, days) => {
        const volume = new RollingVolume(days);
        for (const [hour, notional] of list) volume.add(notional, hour * 3_600_000);
        const today = Math.max(...list.map(([hour]) => Math.floor(hour / 24)));
        const inWindow = list.filter(([hour], at) => {
          const day = Math.floor(hour / 24);
          const seenToday = Math.max(...list.slice(0, at + 1).map(([other]) => Math.floor(other / 24)));
          return day > today - days && day > seenToday - days;
        });
        expect(volume.total).toBe(inWindow.reduce((sum, [, notional]) => sum + notional, 0));
      }),
    );
  });

  test('forgets days as time passes without fills', () => {
    const volume = new RollingVolume(2);
    volume.add(5, 0);
    expect([volume.at(DAY), volume.at(2 * DAY), volume.at(0)]).toEqual([5, 0, 0]);
  });

  test.each([
    [Number.NaN, 0],
    [-1, 0],
    [Infinity, 0],
    [1, Number.NaN],
  ])('refuses a notional of %p at %p', (notional, timeMs) => {
    expect(new RollingVolume().add(notional, timeMs)).toBe(false);
  });

  test('survives a resume and a wild jump of the clock', () => {
    const one = new RollingVolume();
    one.add(7, 3 * DAY);
    const two = new RollingVolume();
    two.restore(JSON.parse(JSON.stringify(one.snapshot())));
    expect([one.at(4 * DAY), two.at(4 * DAY)]).toEqual([7, 7]);
    expect([one.at(1e300), one.at(8e15)]).toEqual([7, 0]);
    expect(() => new RollingVolume(7).restore(two.snapshot())).toThrow('8 numbers');
    expect(() => new RollingVolume(0)).toThrow('0 days');
  });
});

describe('effective fees', () => {
  test('are fees over traded value, by liquidity and in all', () => {
    const account = new FeeAccount();
    expect([account.effectiveBps(), account.makerRatio]).toEqual([undefined, undefined]);
    account.add('maker', 3000, -0.3);
    account.add('taker', 1000, 0.5);
    expect(account.effectiveBps('maker')).toBeCloseTo(-1, 12);
    expect(account.effectiveBps('taker')).toBeCloseTo(5, 12);
    expect(account.effectiveBps()).toBeCloseTo(0.5, 12);
    expect(account.makerRatio).toBe(0.75);
    const resumed = new FeeAccount();
    resumed.restore(JSON.parse(JSON.stringify(account.snapshot())));
    expect(resumed.snapshot()).toEqual(account.snapshot());
  });

  test.each([
    [-1, 0],
    [Number.NaN, 0],
    [1, Infinity],
  ])('leave out a notional of %p with a fee of %p', (notional, fee) => {
    expect(new FeeAccount().add('maker', notional, fee)).toBe(false);
  });
});

describe('a bill divided', () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true });

  test('shares and what nobody used add up to the bill', () => {
    const parts = fc.array(amount, { maxLength: 30 });
    fc.assert(
      fc.property(amount, parts, fc.option(amount, { nil: undefined }), (bill, usages, capacity) => {
        const { shares, unallocated } = allocateCost(bill, usages, capacity)!;
        const total = shares.reduce((sum, share) => sum + share, unallocated);
        // Each share of the smallest bills is rounded to a multiple of the smallest double.
        const tolerance = 1e-12 * bill + (usages.length + 1) * Number.MIN_VALUE;
        expect(Math.abs(total - bill)).toBeLessThanOrEqual(tolerance);
        for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        expect(unallocated).toBeGreaterThanOrEqual(-tolerance);
      }),
      { examples: [[3.5e-323, [999_999_999.999_998_7, 999_999_999.999_998_7], undefined]] },
    );
  });

  test('who uses twice as much pays twice as much', () => {
    expect(allocateCost(90, [1, 2])).toEqual({ shares: [30, 60], unallocated: 0 });
  });

  test('idle capacity is charged to nobody', () => {
    expect(allocateCost(100, [1, 3], 8)).toEqual({ shares: [12.5, 37.5], unallocated: 50 });
    expect(allocateCost(100, [6, 6], 8)).toEqual({ shares: [50, 50], unallocated: 0 });
    expect(allocateCost(100, [])).toEqual({ shares: [], unallocated: 100 });
  });

  test('what is no usage pays nothing, what is no bill is not divided', () => {
    expect(allocateCost(10, [Number.NaN, -1, Infinity, 1])).toEqual({ shares: [0, 0, 0, 10], unallocated: 0 });
    expect([allocateCost(Number.NaN, [1]), allocateCost(Infinity, [1])]).toEqual([undefined, undefined]);
    expect(allocateCost(10, [5e-324], 1e308)).toEqual({ shares: [0], unallocated: 10 });
    expect(allocateCost(10, [1e308, 1e308])).toEqual({ shares: [5, 5], unallocated: 0 });
  });
});
