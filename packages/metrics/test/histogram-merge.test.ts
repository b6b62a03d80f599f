import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AggregationType, mergeHistograms, MeterProvider } from '@nanometer/metrics';
import { MetricsError } from '../src/errors.ts';
import { TestReader } from './support/test-reader.ts';

describe('merging histogram points', () => {
  const signed = fc.array(
    fc.oneof(fc.constantFrom(0, 1, -1, 5e-324, 2 ** 53 - 1), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    { maxLength: 60 },
  );

  async function pointOf(kind: 'explicit' | 'exponential', values: readonly number[]) {
    const reader = new TestReader();
    const type =
      kind === 'explicit' ? AggregationType.EXPLICIT_BUCKET_HISTOGRAM : AggregationType.EXPONENTIAL_HISTOGRAM;
    const options = kind === 'explicit' ? { boundaries: [-10, 0, 10] } : { maxSize: 20 };
    const views = [{ instrumentName: 'h', aggregation: { type, options } as never }];
    const gauge = new MeterProvider({ readers: [reader], views }).getMeter('m').createGauge('h');
    for (const value of values) gauge.record(value);
    return (await reader.points('h'))[0]!.value as never;
  }

  test('gives the histogram of all measurements together, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('explicit' as const, 'exponential' as const),
        fc.tuple(signed, signed, signed),
        async (kind, [x, y, z]) => {
          fc.pre(x.length > 0 && y.length > 0 && z.length > 0);
          const [a, b, c] = [await pointOf(kind, x), await pointOf(kind, y), await pointOf(kind, z)];
          const merge = (p: never, q: never): never => mergeHistograms(p, q, { maxSize: 20 });
          const merged = merge(merge(a, b), c);
          expect(merge(b, a)).toEqual(merge(a, b));
          expect(merge(a, merge(b, c))).toEqual(merged);
          expect(merged).toEqual(await pointOf(kind, [...x, ...y, ...z]));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('refuses what cannot be joined', async () => {
    const explicit = await pointOf('explicit', [1]);
    const other = { ...(explicit as object), buckets: { boundaries: [1], counts: [1, 0] } } as never;
    for (const wrong of [other, await pointOf('exponential', [1])]) {
      expect(() => mergeHistograms(explicit, wrong)).toThrow(MetricsError);
    }
    expect(() => mergeHistograms(explicit, explicit, { maxSize: 1 })).toThrow(MetricsError);
  });

  test('an empty one changes nothing; what one does not tell is not made up', () => {
    const boundaries = [1];
    const empty = { buckets: { boundaries, counts: [0, 0] }, count: 0 };
    const full = { buckets: { boundaries, counts: [1, 0] }, count: 1, sum: 1, min: 1, max: 1 };
    expect(mergeHistograms(empty, full)).toEqual(full);
    expect(mergeHistograms({ ...full, min: undefined } as never, full)).toMatchObject({
      min: undefined,
      max: 1,
      sum: 2,
    });
  });
});
