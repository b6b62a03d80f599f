import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseExposition, sampleOf } from './support/exposition.ts';
import type { HistogramInput, MetricInput } from './support/otlp.ts';
import { Pipeline } from './support/pipeline.ts';

describe('histograms', () => {
  test('explicit ones are printed with their bounds; a bound at infinity is the +Inf line', () => {
    const pipeline = new Pipeline();
    const bounds = [-0.5, 0, 5e-324, 0.1, Infinity];
    pipeline.send([{ name: 'h', histogram: [{ count: 21, sum: 1.25, bounds, counts: [1, 2, 3, 4, 5, 6] }] }]);
    const text = pipeline.prometheus.text();
    expect(sampleOf(text, 'h_bucket', { le: '-0.5' })).toBe(1);
    expect(sampleOf(text, 'h_bucket', { le: '5e-324' })).toBe(6);
    expect(sampleOf(text, 'h_bucket', { le: '0.1' })).toBe(10);
    expect(sampleOf(text, 'h_bucket', { le: '+Inf' })).toBe(21);
    expect(sampleOf(text, 'h_sum')).toBe(1.25);
  });

  test('without buckets or a sum have neither, and a replaced state leaves nothing behind', () => {
    const pipeline = new Pipeline();
    const histogram = (point: HistogramInput): MetricInput => ({ name: 'h', histogram: [point] });
    pipeline.send([histogram({ count: 3, sum: 1, bounds: [1, 2], counts: [1, 1, 1], time: 1n })]);
    pipeline.send([histogram({ count: 4, time: 2n })]);
    expect(pipeline.prometheus.text()).toBe('# TYPE h histogram\nh_bucket{le="+Inf"} 4\nh_count 4\n');
  });

  test('increments of both forms add up to the whole', () => {
    const pipeline = new Pipeline();
    const explicit = (time: bigint, bounds: number[], counts: number[]): MetricInput => ({
      name: 'h',
      temporality: 1,
      histogram: [{ count: counts.reduce((a, b) => a + b), sum: 2, min: 0, max: 9, bounds, counts, time }],
    });
    pipeline.send([explicit(1n, [1, 2], [1, 0, 4]), explicit(2n, [1, 2], [0, 2, 1])]);
    expect(sampleOf(pipeline.prometheus.text(), 'h_bucket', { le: '2' })).toBe(3);
    expect(sampleOf(pipeline.prometheus.text(), 'h_count')).toBe(8);
    expect(sampleOf(pipeline.prometheus.text(), 'h_sum')).toBe(4);
    // Other bounds: the buckets start over below a count that goes on.
    pipeline.send([explicit(3n, [5], [1, 1])]);
    expect(sampleOf(pipeline.prometheus.text(), 'h_bucket', { le: '5' })).toBe(1);
    expect(sampleOf(pipeline.prometheus.text(), 'h_count')).toBe(10);
  });

  test('exponential ones become classic buckets at powers of the square root of two, with every count', () => {
    const pipeline = new Pipeline();
    // Scale 3: eight buckets per power of two. Offsets 0..15 cover (1, 4].
    const positive = { offset: 0, counts: Array<number>(16).fill(1) };
    const negative = { offset: -8, counts: [2] };
    pipeline.send([{ name: 'e', exponential: [{ count: 21, sum: 30, scale: 3, zeroCount: 3, positive, negative }] }]);
    const samples = parseExposition(pipeline.prometheus.text()).get('e')!.samples;
    const buckets = samples.filter(({ name }) => name === 'e_bucket').map(({ labels, value }) => [labels['le'], value]);
    expect(buckets).toEqual([
      ['-0.7071067811865476', 0],
      ['-0.5', 2],
      ['0', 5],
      ['1', 5],
      ['1.4142135623730951', 9],
      ['2', 13],
      ['2.8284271247461903', 17],
      ['4', 21],
      ['+Inf', 21],
    ]);
  });

  test('any exponential increments keep their counts, however far apart their scales and offsets are', () => {
    const range = fc.record({
      offset: fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.integer()),
      counts: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
    });
    const point = fc.record({
      scale: fc.integer({ min: -30, max: 30 }),
      zeroCount: fc.integer({ min: 0, max: 9 }),
      positive: range,
      negative: range,
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), fc.constantFrom(1, 2), (points, temporality) => {
        const pipeline = new Pipeline();
        const counts = points.map(({ zeroCount, positive, negative }) =>
          [zeroCount, ...positive.counts, ...negative.counts].reduce((a, b) => a + b),
        );
        for (const [index, input] of points.entries()) {
          const exponential = [{ ...input, count: counts[index]!, sum: 1, time: BigInt(index + 1) }];
          pipeline.send([{ name: 'e', exponential, temporality }]);
        }
        const total = temporality === 1 ? counts.reduce((a, b) => a + b) : counts.at(-1);
        expect(sampleOf(pipeline.prometheus.text(), 'e_count')).toBe(total);
        const { distribution } = pipeline.accepted[0]!.histogram!;
        const { zeroCount, positive, negative } = distribution as unknown as (typeof points)[number];
        const held = [zeroCount, ...positive.counts, ...negative.counts].reduce((a, b) => a + b);
        expect(held).toBe(total);
      }),
    );
  });
});
