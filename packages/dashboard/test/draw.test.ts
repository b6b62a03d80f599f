import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createColumns, decimate, type Extent } from '../src/page/draw/decimate.ts';
import { linearAxis, logAxis, niceStep, timeTicks } from '../src/page/draw/scale.ts';
import { BucketRing } from '../src/page/store/bucket-ring.ts';

function reduce(ring: BucketRing, fromMs: number, toMs: number, width: number) {
  const columns = createColumns(width);
  const extent: Extent = { min: Infinity, max: -Infinity };
  decimate(ring, fromMs, toMs, width, columns, extent);
  return { columns, extent };
}

describe('decimate', () => {
  test('keeps the spike of a single sample however few columns there are', () => {
    const ring = new BucketRing(100, 1300);
    for (let at = 0; at < 60_000; at += 100) ring.add(at, at === 31_400 ? 1000 : 1);
    const { columns, extent } = reduce(ring, 0, 60_000, 10);
    expect(Math.max(...columns.max)).toBe(1000);
    expect(extent).toEqual({ min: 1, max: 1000 });
  });

  test('leaves columns without values empty, so that a gap stays a gap', () => {
    const ring = new BucketRing(100, 1300);
    ring.add(1000, 1);
    ring.add(9000, 2);
    const { columns } = reduce(ring, 0, 10_000, 10);
    expect([...columns.first].map((value) => !Number.isNaN(value))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((column) => column === 1 || column === 9),
    );
  });

  test('grows its columns when the chart does', () => {
    const ring = new BucketRing(100, 100);
    ring.add(500, 1);
    const columns = createColumns(2);
    decimate(ring, 0, 1000, 50, columns, { min: Infinity, max: -Infinity });
    expect(columns.count).toBe(50);
    expect(columns.first.length).toBeGreaterThanOrEqual(50);
  });

  test('the extremes of the columns are the extremes of the points in view', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 400 }), (points, width) => {
        const ring = new BucketRing(100, 400);
        points.forEach((value, index) => ring.add(index * 100, value));
        const { columns, extent } = reduce(ring, 0, 40_000, width);
        const filled = [...columns.min].filter((_, column) => !Number.isNaN(columns.first[column]));
        expect(Math.min(...filled)).toBe(Math.min(...points));
        expect(extent.max).toBe(Math.max(...points));
        expect(extent.min).toBe(Math.min(...points));
      }),
    );
  });
});

describe('axes', () => {
  test.each([
    [0, 5],
    [-80, 20],
    [3, 3],
    [0, 0],
    [-5e-324, 5e-324],
    [Infinity, -Infinity],
    [-1e300, 1e300],
    [0.1, 0.3],
    [2 ** 53 - 1, 2 ** 53 + 2],
  ])('a linear axis around %p to %p contains it, in order', (min, max) => {
    const axis = linearAxis(min, max, 5);
    if (min <= max) {
      expect(axis.min).toBeLessThanOrEqual(min);
      expect(axis.max).toBeGreaterThanOrEqual(max);
    }
    expect(axis.max).toBeGreaterThan(axis.min);
    expect(axis.ticks.length).toBeLessThan(12);
    expect([...axis.ticks]).toEqual([...axis.ticks].sort((a, b) => a - b));
  });

  test('ticks carry no rounding errors', () => {
    expect(linearAxis(0, 0.6, 6).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  });

  test.each([NaN, 0, -1, Infinity])('a step for the span %p is still a step', (span) => {
    expect(niceStep(span, 5)).toBeGreaterThan(0);
  });

  test('a logarithmic axis ends at 1-2-5 values around the extent and thins its labels', () => {
    expect(logAxis(0.0021, 0.0049, 5)).toEqual({ min: 0.002, max: 0.005, ticks: [0.002, 0.005] });
    const wide = logAxis(1e-9, 9, 4);
    expect(wide.min).toBe(1e-9);
    expect(wide.max).toBe(10);
    expect(wide.ticks.length).toBeLessThanOrEqual(6);
  });

  test.each([
    [0, 0],
    [-3, 2],
    [Infinity, -Infinity],
  ])('a logarithmic axis survives %p to %p', (min, max) => {
    const axis = logAxis(min, max, 4);
    expect(axis.min).toBeGreaterThan(0);
    expect(axis.max).toBeGreaterThan(axis.min);
  });

  test('time ticks fall on round seconds and are as few as asked for', () => {
    const from = Date.UTC(2026, 0, 1, 12, 0, 7);
    const ticks = timeTicks(from, from + 60_000, 6);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(ticks.every((at) => at % 10_000 === 0)).toBe(true);
  });
});
