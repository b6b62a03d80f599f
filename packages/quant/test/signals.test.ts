import { describe, expect, test } from '@jest/globals';
import { rankCorrelation, SignalQueue, SignalScore } from '@nanometer/quant';
import * as fc from 'fast-check';

describe('rank correlation', () => {
  test('Spearman of the ten students of his textbook example is -29/165', () => {
    // IQ and hours of television, as in the article of the usual encyclopedia: rho = -0.175757…
    const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17];
    expect(rankCorrelation(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  test('ties share their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4.
    expect(rankCorrelation([1, 2, 2, 3], [10, 30, 20, 40])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  test('depends on the order alone, and turns its sign with it', () => {
    const lists = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(lists, (pairs) => {
        const x = pairs.map(([each]) => each);
        const y = pairs.map(([, each]) => each);
        const plain = rankCorrelation(x, y);
        expect(
          rankCorrelation(
            x.map((each) => Math.exp(each / 10)),
            y,
          ),
        ).toEqual(plain);
        if (plain === undefined) return;
        expect(
          rankCorrelation(
            x,
            y.map((each) => -each),
          )!,
        ).toBeCloseTo(-plain, 9);
        expect(Math.abs(plain)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each([
    [[1], [1]],
    [[1, 2], [1]],
    [
      [1, 1],
      [1, 2],
    ],
    [
      [1, Number.NaN],
      [1, 2],
    ],
  ])('has no value for %p and %p', (x, y) => {
    expect(rankCorrelation(x, y)).toBeUndefined();
  });
});

interface Settled {
  readonly horizon: number;
  readonly tag: number;
  readonly value: number;
  readonly forward: number;
}

function queueOf(horizons: readonly number[], limit?: number): { queue: SignalQueue; settled: Settled[] } {
  const settled: Settled[] = [];
  const queue = new SignalQueue(
    horizons,
    (at, tag, value, forward) => settled.push({ horizon: horizons[at]!, tag, value, forward }),
    limit,
  );
  return { queue, settled };
}

describe('signals waiting for what the market does', () => {
  test('the return is to the latest mid at or before the horizon', () => {
    const { queue, settled } = queueOf([10, 100]);
    queue.quote(100, 0);
    queue.signal(7, 0.5, 0);
    queue.quote(110, 10);
    expect(settled).toEqual([]);
    queue.quote(50, 11);
    expect(settled).toEqual([{ horizon: 10, tag: 7, value: 0.5, forward: 110 / 100 - 1 }]);
    queue.quote(1, 1000);
    expect(settled.at(-1)).toEqual({ horizon: 100, tag: 7, value: 0.5, forward: -0.5 });
    expect(queue.waiting).toBe(0);
  });

  test('every signal settles once per horizon as a search through all mids says', () => {
    const events = fc.array(
      fc.record({
        step: fc.integer({ min: 0, max: 30 }),
        price: fc.integer({ min: 1, max: 50 }),
        isSignal: fc.boolean(),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(events, (list) => {
        const horizons = [5, 20, 60];
        const { queue, settled } = queueOf(horizons, 1000);
        const mids: { time: number; price: number }[] = [];
        const signals: { time: number; tag: number; mid: number }[] = [];
        let time = 0;
        list.forEach(({ step, price, isSignal }, at) => {
          time += step;
          if (isSignal) {
            const taken = queue.signal(at, at, time);
            expect(taken).toBe(mids.length > 0);
            if (taken) signals.push({ time, tag: at, mid: mids.at(-1)!.price });
          } else {
            queue.quote(price, time);
            mids.push({ time, price });
          }
        });
        const expected = horizons.flatMap((horizon) =>
          signals
            .filter((signal) => signal.time + horizon < (mids.at(-1)?.time ?? 0))
            .map((signal) => {
              const last = mids.findLast((mid) => mid.time <= signal.time + horizon)!;
              return { horizon, tag: signal.tag, value: signal.tag, forward: last.price / signal.mid - 1 };
            }),
        );
        const order = (a: Settled, b: Settled): number => a.horizon - b.horizon || a.tag - b.tag;
        expect(settled.toSorted(order)).toEqual(expected.toSorted(order));
      }),
    );
  });

  test('refuses a signal before the first mid, beyond its room, or out of order', () => {
    const { queue } = queueOf([100], 2);
    expect(queue.signal(0, 1, 0)).toBe(false);
    queue.quote(100, 0);
    expect([queue.signal(0, 1, 5), queue.signal(0, 1, 4), queue.signal(0, 1, 6), queue.signal(0, 1, 7)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([queue.refused, queue.waiting]).toEqual([3, 2]);
    queue.quote(100, 200);
    expect(queue.signal(0, 1, 201)).toBe(true);
  });

  test.each([0, -1, Number.NaN, Infinity])('ignores a mid of %p and refuses a horizon of it', (hostile) => {
    const { queue } = queueOf([10]);
    queue.quote(hostile, 0);
    expect(queue.mid).toBeNaN();
    expect(() => queueOf([hostile])).toThrow('a horizon of');
  });

  test('a resumed queue settles what was waiting', () => {
    const one = queueOf([10, 50], 4);
    const two = queueOf([10, 50], 4);
    one.queue.quote(100, 0);
    for (const [at, time] of [1, 5, 20, 22].entries()) {
      one.queue.signal(at, at, time);
      one.queue.quote(100 + at, time);
    }
    two.queue.restore(JSON.parse(JSON.stringify(one.queue.snapshot())));
    one.settled.length = 0;
    for (const { queue } of [one, two]) {
      queue.quote(90, 60);
      queue.signal(9, 1, 61);
      queue.quote(80, 500);
    }
    expect(two.settled).toEqual(one.settled);
    expect(two.queue.snapshot()).toEqual(one.queue.snapshot());
    expect(one.settled.length).toBeGreaterThan(5);
    expect(() => queueOf([10]).queue.restore(one.queue.snapshot())).toThrow('1 numbers');
  });
});

describe('the score of a signal', () => {
  test('hit rate and information coefficient are those of the latest outcomes', () => {
    const outcomes = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(outcomes, (list) => {
        const score = new SignalScore(20, 5);
        for (const [value, forward] of list) score.add(value, forward);
        const latest = list.slice(-20);
        const decided = latest.filter(([value, forward]) => value !== 0 && forward !== 0);
        const hits = decided.filter(([value, forward]) => value * forward > 0).length;
        expect(score.hitRate).toEqual(decided.length < 5 ? undefined : hits / decided.length);
        const coefficient = rankCorrelation(
          latest.map(([value]) => value),
          latest.map(([, forward]) => forward),
        );
        const expected = latest.length < 5 ? undefined : coefficient;
        if (expected === undefined) expect(score.informationCoefficient).toBeUndefined();
        else expect(score.informationCoefficient).toBeCloseTo(expected, 9);
      }),
    );
  });

  test('a signal that says nothing and a market that stands still are neither hit nor miss', () => {
    const score = new SignalScore();
    expect([score.add(1, 0.1), score.add(-1, 0.1), score.add(0, 0.1), score.add(1, 0)]).toEqual([
      'hit',
      'miss',
      'flat',
      'flat',
    ]);
    expect([score.hits, score.misses, score.count, score.hitRate]).toEqual([1, 1, 4, undefined]);
    expect(score.add(Number.NaN, 1)).toBeUndefined();
  });

  test('a resumed score says the same', () => {
    const one = new SignalScore(10, 3);
    for (let at = 0; at < 25; at++) one.add(Math.sin(at), Math.cos(at * 2));
    const two = new SignalScore(10, 3);
    two.restore(JSON.parse(JSON.stringify(one.snapshot())));
    for (const score of [one, two]) score.add(0.3, 0.2);
    expect([two.hitRate, two.count, two.snapshot()]).toEqual([one.hitRate, one.count, one.snapshot()]);
    expect(two.informationCoefficient).toBeCloseTo(one.informationCoefficient!, 12);
  });
});
