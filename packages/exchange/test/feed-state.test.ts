import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
// The two state machines of a feed are not exported: they are tested where every input can reach them.
import { STALE, Sequence } from '../src/sequence.ts';
import { SlidingMinimum } from '../src/sliding-minimum.ts';

const WINDOW_MS = 60_000;
const STEP_MS = 250;

interface Sample {
  readonly timeMs: number;
  readonly value: number;
}

function naiveMinimum(samples: readonly Sample[], keep: (timeMs: number) => boolean): number {
  return Math.min(...samples.filter(({ timeMs }) => keep(timeMs)).map(({ value }) => value));
}

/** Samples in order of time, with bursts, quiet times longer than the window and values that repeat. */
const samples = fc
  .array(
    fc.record({
      waitMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1000, noNaN: true }), fc.nat(100_000)),
      value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    }),
    { minLength: 1, maxLength: 200 },
  )
  .map((steps) => {
    let timeMs = 1_700_000_000_000;
    return steps.map(({ waitMs, value }): Sample => ({ timeMs: (timeMs += waitMs), value }));
  });

describe('SlidingMinimum', () => {
  test('is the minimum of the window in whole steps, and so within a step of the exact one', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const minimum = new SlidingMinimum(WINDOW_MS);
        const windowSteps = WINDOW_MS / STEP_MS;
        const floors = all.map(({ timeMs, value }) => minimum.push(timeMs, value));
        const naive = all.map(({ timeMs }, index) => {
          const seen = all.slice(0, index + 1);
          const step = Math.floor(timeMs / STEP_MS);
          return {
            inSteps: naiveMinimum(seen, (time) => Math.floor(time / STEP_MS) > step - windowSteps),
            exact: naiveMinimum(seen, (time) => time > timeMs - WINDOW_MS),
            oneStepLess: naiveMinimum(seen, (time) => time > timeMs - WINDOW_MS + STEP_MS),
          };
        });
        // Which zero is the smallest of 0 and -0 nobody can tell from the metric; adding 0 makes them one.
        expect(floors.map((floor) => floor + 0)).toEqual(naive.map(({ inSteps }) => inSteps + 0));
        const within = floors.filter((floor, i) => naive[i]!.exact <= floor && floor <= naive[i]!.oneStepLess);
        expect(within).toHaveLength(floors.length);
      }),
    );
  });

  test('holds its memory however long values rise, and still forgets the oldest', () => {
    const minimum = new SlidingMinimum(WINDOW_MS);
    // Rising values are the worst case: none of them can be given up before its time.
    const spans = Array.from({ length: 100_000 }, (_, tick) => tick - minimum.push(tick * 100, tick));
    const full = WINDOW_MS / 100;
    expect(Math.min(...spans.slice(full))).toBeGreaterThanOrEqual(full - 3);
    expect(Math.max(...spans)).toBeLessThanOrEqual(full);
  });

  test('treats a late sample as the newest', () => {
    const minimum = new SlidingMinimum(WINDOW_MS);
    minimum.push(100_000, 5);
    expect(minimum.push(90_000, 3)).toBe(3);
    expect(minimum.push(159_000, 4)).toBe(3);
    expect(minimum.push(160_000, 4)).toBe(4);
  });

  test('starts anew when the clock is set back by a window, so one wrong time cannot freeze the floor', () => {
    const minimum = new SlidingMinimum(WINDOW_MS);
    minimum.push(1_000, 1);
    expect(minimum.push(Number.MAX_VALUE, 9)).toBe(9);
    expect(minimum.push(2_000, 5)).toBe(5);
    expect(minimum.push(-Number.MAX_VALUE, 7)).toBe(7);
  });

  test.each([[-0], [5e-324], [-Number.MAX_VALUE], [Number.MAX_VALUE], [2 ** 53 + 2], [-(2 ** 53) + 1]])(
    'keeps %d exactly',
    (value) => {
      expect(new SlidingMinimum(WINDOW_MS).push(0, value)).toBe(value);
    },
  );
});

/** Consecutive id ranges as an order book feed sends them, with messages lost and messages repeated. */
const chains = fc.record({
  firstId: fc.integer({ min: 1, max: 1000 }),
  messages: fc.array(fc.record({ size: fc.integer({ min: 1, max: 5 }), lost: fc.boolean(), repeated: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  }),
});

type Chain = typeof chains extends fc.Arbitrary<infer T> ? T : never;

/** Feeds a chain to a sequence and counts by hand what it has to find. */
function compare({ firstId, messages }: Chain, namesPrevious: boolean): void {
  let sequence: Sequence | undefined;
  let next = firstId;
  let pendingLoss = 0;
  let missed = 0;
  let stale = 0;
  let expectedMissed = 0;
  let expectedStale = 0;
  const take = (first: number, last: number, previous: number): void => {
    if (sequence === undefined) {
      sequence = new Sequence(last);
      return;
    }
    const found = sequence.accept(first, last, previous);
    if (found === STALE) stale++;
    else missed += found;
  };
  for (const { size, lost, repeated } of messages) {
    const first = next;
    const last = next + size - 1;
    const previous = namesPrevious ? first - 1 : Number.NaN;
    next = last + 1;
    if (lost) {
      if (sequence !== undefined) pendingLoss += size;
      continue;
    }
    expectedMissed += pendingLoss;
    pendingLoss = 0;
    take(first, last, previous);
    if (repeated) {
      take(first, last, previous);
      expectedStale++;
    }
  }
  expect({ missed, stale }).toEqual({ missed: expectedMissed, stale: expectedStale });
}

describe('Sequence', () => {
  test('counts exactly the ids of lost messages, and repeated ones as stale', () => {
    fc.assert(fc.property(chains, (chain) => compare(chain, false)));
  });

  test('counts the same where each message names its predecessor', () => {
    fc.assert(fc.property(chains, (chain) => compare(chain, true)));
  });

  const step = (last: number, [first, to, previous]: readonly [number, number, number]): number =>
    new Sequence(last).accept(first, to, previous);

  test.each<[string, number, readonly [number, number, number], number]>([
    ['the next number', 7, [8, 8, Number.NaN], 0],
    ['a jump by three', 7, [10, 10, Number.NaN], 2],
    ['the same number', 7, [7, 7, Number.NaN], STALE],
    ['an older number', 7, [3, 3, Number.NaN], STALE],
    ['a range that overlaps (Binance: first event after a snapshot)', 7, [5, 9, Number.NaN], 0],
    ['a range wholly before', 7, [5, 7, Number.NaN], STALE],
    ['a named predecessor that fits, though the ids jump (Binance futures)', 7, [100, 110, 7], 0],
    ['a named predecessor that was missed', 7, [100, 110, 99], 92],
    ['a named predecessor before the last', 7, [100, 110, 3], 0],
    ['a message without news (OKX: seqId = prevSeqId)', 7, [7, 7, 7], 0],
    ['a count restarted below (OKX after maintenance)', 7, [3, 3, 7], 0],
    ['no predecessor (OKX: -1 with a snapshot)', 7, [3, 3, -1], 0],
    ['the largest safe jump', 0, [2 ** 53 - 1, 2 ** 53 - 1, Number.NaN], 2 ** 53 - 2],
  ])('%s', (_, last, message, expected) => {
    expect(step(last, message)).toBe(expected);
  });

  test('a stale message leaves the sequence where it was', () => {
    const sequence = new Sequence(10);
    sequence.accept(4, 4, Number.NaN);
    expect(sequence.accept(11, 11, Number.NaN)).toBe(0);
  });
});
