import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  atScale,
  bucketQuantile,
  DeltaStore,
  difference,
  distributionQuantile,
  etsyName,
  exponentialBound,
  formatNumber,
  frameOf,
  lineFrame,
  LinePacker,
  parseLine,
  STATSD_DIALECTS,
  StatsdError,
  toExplicit,
} from '@nanometer/exporter-statsd';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('numbers', () => {
  test('print without exponent and parse to the same double', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const text = formatNumber(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text) === value).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('hostile values', () => {
    for (const value of [
      5e-324,
      -5e-324,
      1.7976931348623157e308,
      2 ** 53 - 1,
      2 ** 53 + 1,
      1e21,
      1.5e21,
      1e-7,
      123e-20,
      -1.25e-9,
    ]) {
      expect(Number(formatNumber(value))).toBe(value);
      expect(formatNumber(value)).not.toMatch(/e/);
    }
    expect(formatNumber(-0)).toBe('0');
  });
});

describe('dialects', () => {
  const tags: [string, unknown][] = [
    ['trading.symbol', 'BTC/USDT'],
    ['maker', true],
    ['absent', undefined],
    ['level', 2],
  ];

  test('put attributes where the server looks for them, sorted by key', () => {
    expect(lineFrame('etsy', 'trading.fill.count', tags)).toEqual(
      frameOf('trading.fill.count.level.2.maker.true.trading_symbol.BTC-USDT', ''),
    );
    expect(lineFrame('dogstatsd', 'a', tags, '.p99')).toEqual(
      frameOf('a.p99', '|#level:2,maker:true,trading.symbol:BTC/USDT'),
    );
    expect(lineFrame('influx', 'a', tags).head).toBe('a,level=2,maker=true,trading.symbol=BTC-USDT');
    expect(lineFrame('graphite', 'a', tags).head).toBe('a;level=2;maker=true;trading.symbol=BTC-USDT');
    expect(etsyName('a.b', { 'c.d': 'e.f' }, '.sum')).toBe('a.b.sum.c_d.e_f');
  });

  test('any name and attribute gives a line that the strict reader takes, with the value intact', () => {
    const attribute = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      finite,
      fc.boolean(),
      fc.constant(['a', 1]),
      fc.constant({}),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...STATSD_DIALECTS),
        fc.string({ unit: 'binary' }),
        fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), attribute), { maxLength: 5, selector: ([key]) => key }),
        finite,
        (dialect, name, attributes, value) => {
          const { head, tail } = lineFrame(dialect, name, attributes);
          const line = `${head}:${formatNumber(value)}|c${tail}`;
          const parsed = parseLine(Buffer.from(line).toString('utf8'), dialect);
          expect(parsed).toMatchObject({ type: 'c', value: value === 0 ? 0 : value });
          expect(line).not.toMatch(/[\n\r]/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a cyclic attribute value loses itself, not the line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(lineFrame('dogstatsd', 'a', [['k', cyclic]]).tail).toBe('|#k:_');
  });
});

describe('strict reader', () => {
  test.each([
    ['a', 'etsy'],
    [':1|c', 'etsy'],
    ['a:1', 'etsy'],
    ['a:1e5|c', 'etsy'],
    ['a:0x10|c', 'etsy'],
    ['a:|c', 'etsy'],
    ['a:1:2|c', 'dogstatsd'],
    ['a:1|h', 'etsy'],
    ['a:1|x', 'dogstatsd'],
    ['a:1|c|@0', 'etsy'],
    ['a:1|c|@2', 'etsy'],
    ['a:1|c|#k:v', 'etsy'],
    ['a:1|c|#k', 'dogstatsd'],
    ['a:1|c|T12', 'dogstatsd'],
    ['a,k:1|c', 'influx'],
    ['a;k=:1|c', 'graphite'],
    ['a b:1|c', 'graphite'],
    [`a:${'9'.repeat(400)}|c`, 'etsy'],
  ] as const)('refuses %s in %s', (line, dialect) => {
    expect(typeof parseLine(line, dialect)).toBe('string');
  });
});

describe('packer', () => {
  test('never splits a line, fills datagrams up to the MTU and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 300 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀'), minLength: 1, maxLength: 120 })),
        (mtuBytes, lines) => {
          const packets: string[] = [];
          const packer = new LinePacker(mtuBytes, ({ bytes, lineCount }) => {
            expect(bytes.length).toBeLessThanOrEqual(mtuBytes);
            const text = bytes.toString('utf8');
            expect(text.split('\n')).toHaveLength(lineCount);
            packets.push(text);
          });
          const taken = lines.filter((line) => packer.add(line));
          packer.flush();
          expect(taken).toEqual(lines.filter((line) => Buffer.byteLength(line) <= mtuBytes));
          expect(packets.flatMap((packet) => packet.split('\n'))).toEqual(taken);
          for (let index = 1; index < packets.length; index++) {
            const first = packets[index]!.split('\n')[0]!;
            expect(Buffer.byteLength(packets[index - 1]!) + 1 + Buffer.byteLength(first)).toBeGreaterThan(mtuBytes);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('an MTU out of range is an error that names the option', () => {
    expect(() => new LinePacker(10, () => {})).toThrow(
      new StatsdError('INVALID_OPTION', 'mtuBytes is 10; a whole number from 64 to 65507 is needed'),
    );
  });
});

describe('delta store', () => {
  test('a receiver that adds up the increments ends with the cumulative value, however often it was told', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 }), (steps) => {
        const store = new DeltaStore();
        const slot = store.open();
        let cumulative = 0;
        let received = 0;
        for (const step of steps) {
          cumulative += step;
          received += store.advance(slot, 1, 0, cumulative);
          expect(received).toBe(store.sent(slot));
          expect(Math.abs(received - cumulative)).toBeLessThanOrEqual(cumulative * 2 ** -52);
        }
      }),
    );
  });

  test('tenths added up for a long time do not drift', () => {
    const store = new DeltaStore();
    const slot = store.open();
    let cumulative = 0;
    let received = 0;
    for (let index = 0; index < 100_000; index++) {
      cumulative += 0.1;
      received += store.advance(slot, 1, 0, cumulative);
    }
    expect(received).toBe(cumulative);
  });

  test('a new start time and a decrease both count the new value in full', () => {
    const store = new DeltaStore();
    const slot = store.open();
    expect(store.advance(slot, 1, 0, 10)).toBe(10);
    expect(store.advance(slot, 2, 0, 30)).toBe(30);
    expect(store.advance(slot, 2, 0, 5)).toBe(5);
    expect(store.advance(slot, 2, 0, 7)).toBe(2);
    expect(store.advance(slot, 2, 1, 7)).toBe(7);
    expect(store.sent(slot)).toBe(54);
  });

  test('a decrease is no reset for a sum that may fall', () => {
    const store = new DeltaStore();
    const slot = store.open();
    store.advance(slot, 1, 0, 10, false);
    expect(store.advance(slot, 1, 0, -4, false)).toBe(-14);
  });

  test('what was rolled back is part of the next increment', () => {
    const store = new DeltaStore();
    const slot = store.open();
    store.advance(slot, 1, 0, 10);
    const before = store.sent(slot);
    store.advance(slot, 1, 0, 15);
    store.rollback(slot, before);
    expect(store.advance(slot, 1, 0, 17)).toBe(7);
  });

  test('a rolled back increment across a reset counts both sides', () => {
    const store = new DeltaStore();
    const slot = store.open();
    store.advance(slot, 1, 0, 10);
    const before = store.sent(slot);
    store.advance(slot, 2, 0, 3);
    store.rollback(slot, before);
    expect(store.advance(slot, 2, 0, 4)).toBe(4);
  });

  test('the first point counts in full, not at all, or by its age', () => {
    const first = (initialValue: 'count' | 'skip' | 'auto', start: number): number[] => {
      const store = new DeltaStore({ initialValue, startedAtSeconds: 100 });
      const slot = store.open();
      return [store.advance(slot, start, 0, 8), store.advance(slot, start, 0, 9)];
    };
    expect(first('count', 50)).toEqual([8, 1]);
    expect(first('skip', 150)).toEqual([0, 1]);
    expect(first('auto', 50)).toEqual([0, 1]);
    expect(first('auto', 150)).toEqual([8, 1]);
  });

  test('gives no more slots than its limit and reuses released ones', () => {
    const store = new DeltaStore({ limit: 2 });
    expect([store.open(), store.open(), store.open()]).toEqual([0, 1, -1]);
    store.advance(0, 1, 0, 5);
    store.release(0);
    expect(store.open()).toBe(0);
    expect(store.advance(0, 1, 0, 5)).toBe(5);
  });
});

describe('quantiles', () => {
  test('interpolate within the bucket and stay within min and max', () => {
    expect(bucketQuantile(0.5, [10, 20], [0, 10, 0])).toBe(15);
    expect(bucketQuantile(0.5, [10, 20], [4, 0, 0])).toBe(5);
    expect(bucketQuantile(1, [10, 20], [0, 0, 4])).toBe(20);
    expect(bucketQuantile(0.99, [10, 20], [0, 0, 4], 21, 25)).toBeCloseTo(24.96, 10);
    expect(bucketQuantile(0.5, [10, 20], [0, 4, 0], 12, 13)).toBe(12.5);
    expect(bucketQuantile(0.5, [-10, 20], [4, 0, 0])).toBe(-10);
    expect(bucketQuantile(0.5, [], [4], 2, 4)).toBe(3);
    expect(bucketQuantile(0.5, [1], [0, 0])).toBeUndefined();
  });

  test('are monotonic in q and never NaN', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 2, maxLength: 12 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const bounds = counts.slice(1).map((_, index) => index ** 2 - 10);
        let before = -Infinity;
        for (const q of [0, 0.001, 0.25, 0.5, 0.75, 0.9, 0.999, 1]) {
          const value = bucketQuantile(q, bounds, counts)!;
          expect(value).toBeGreaterThanOrEqual(before);
          before = value;
        }
      }),
    );
  });

  test('an exponential histogram finds the value within its relative bucket width', () => {
    const scale = 5;
    const value = 0.0042;
    const offset = Math.ceil(Math.log2(value) * 2 ** scale) - 1;
    const buckets = {
      scale,
      zeroCount: 0,
      zeroThreshold: 0,
      positive: { offset, counts: [7] },
      negative: { offset: 0, counts: [] },
    };
    expect(Math.abs(distributionQuantile(0.5, buckets)! / value - 1)).toBeLessThan(2 ** (2 ** -scale) - 1);
    const mirrored = { ...buckets, positive: buckets.negative, negative: buckets.positive };
    expect(Math.abs(distributionQuantile(0.5, mirrored)! / -value - 1)).toBeLessThan(2 ** (2 ** -scale) - 1);
  });

  test('explicit bounds of exponential buckets ascend and keep every count', () => {
    const range = fc.record({
      offset: fc.integer({ min: -300, max: 300 }),
      counts: fc.array(fc.nat(9), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(range, range, fc.nat(9), fc.integer({ min: -3, max: 8 }), (positive, negative, zeroCount, scale) => {
        const { bounds, counts } = toExplicit({ scale, zeroCount, zeroThreshold: 1e-10, positive, negative });
        const sum = (list: ArrayLike<number>): number => Array.from(list).reduce((a, b) => a + b, 0);
        expect(counts).toHaveLength(bounds.length + 1);
        expect(sum(counts)).toBe(sum(positive.counts) + sum(negative.counts) + zeroCount);
        for (let index = 1; index < bounds.length; index++)
          expect(bounds[index]).toBeGreaterThanOrEqual(bounds[index - 1]!);
      }),
    );
  });

  test('differences of exponential histograms survive a coarser scale', () => {
    const positive = { offset: -3, counts: [1, 2, 3, 4] };
    const none = { offset: 0, counts: [] };
    const before = { scale: 3, zeroCount: 1, zeroThreshold: 0, positive, negative: none };
    const after = { ...atScale(before, 1), zeroCount: 3 };
    expect(difference(after, before)).toMatchObject({
      scale: 1,
      zeroCount: 2,
      positive: { counts: new Float64Array(atScale(before, 1).positive.counts.length) },
    });
    expect(difference(before, { ...before, positive: { offset: -3, counts: [2] } })).toBeUndefined();
    expect(exponentialBound(3, 0)).toBe(8);
  });
});
