import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isInDash } from '../src/page/draw/dashes.ts';
import { spread } from '../src/page/draw/end-labels.ts';
import { type Extent, PixelColumns, UNCHANGED } from '../src/page/draw/pixel-columns.ts';
import { linearAxis, logAxis, niceStep, timeTicks } from '../src/page/draw/scale.ts';
import { BucketRing } from '../src/page/store/bucket-ring.ts';

function extentOf(columns: PixelColumns): Extent {
  const extent: Extent = { min: Infinity, max: -Infinity };
  columns.widen(extent);
  return extent;
}

function reduced(ring: BucketRing, nowMs: number, count: number, columnMs: number): PixelColumns {
  const columns = new PixelColumns();
  columns.reset(count, columnMs);
  columns.update(ring, nowMs);
  return columns;
}

type ColumnContent = readonly [column: number, first: number, min: number, max: number, last: number];

function contentOf(columns: PixelColumns): ColumnContent[] {
  const content: ColumnContent[] = [];
  for (let at = Math.max(0, columns.oldest); at <= columns.newest; at++) {
    if (Number.isNaN(columns.firstOf(at))) continue;
    // -0 and 0 are drawn at the same place.
    content.push([at, columns.firstOf(at) + 0, columns.minOf(at) + 0, columns.maxOf(at) + 0, columns.lastOf(at) + 0]);
  }
  return content;
}

describe('columns of pixels', () => {
  test('keep the spike of a single sample however few they are', () => {
    const ring = new BucketRing(100, 1300);
    for (let at = 0; at < 60_000; at += 100) ring.add(at, at === 31_400 ? 1000 : 1);
    const columns = reduced(ring, 59_999, 10, 6000);
    expect(contentOf(columns).map(([, , , max]) => max)).toEqual([1, 1, 1, 1, 1, 1000, 1, 1, 1, 1]);
    expect(extentOf(columns)).toEqual({ min: 1, max: 1000 });
  });

  test('stay empty without values, so that a gap stays a gap', () => {
    const ring = new BucketRing(100, 1300);
    ring.add(1000, 1);
    ring.add(9000, 2);
    const columns = reduced(ring, 9999, 10, 1000);
    expect(contentOf(columns).map(([column]) => column)).toEqual([1, 9]);
    expect([columns.filledBefore(9), columns.filledBefore(1), columns.filledBefore(99)]).toEqual([1, -1, 9]);
  });

  test('what nobody added to is unchanged; a value in the newest bucket changes its column', () => {
    const ring = new BucketRing(100, 1300);
    const columns = new PixelColumns();
    columns.reset(10, 1000);
    columns.update(ring, 5000);
    expect(columns.update(ring, 6000)).toBe(UNCHANGED);
    ring.add(6100, 1);
    expect(columns.update(ring, 6200)).toBeLessThanOrEqual(6);
    expect(columns.update(ring, 6250)).toBe(UNCHANGED);
    expect(columns.update(ring, 7300)).toBe(UNCHANGED);
    ring.add(7310, 2);
    expect(columns.update(ring, 7320)).toBe(6);
  });

  test('brought up step by step they hold what is reduced at once, and say from where on they changed', () => {
    const steps = fc.array(
      fc.record({
        byMs: fc.integer({ min: 0, max: 900 }),
        ahead: fc.integer({ min: -40, max: 40 }),
        value: fc.oneof(fc.double(), fc.constantFrom(-0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 1, Infinity, NaN)),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 30, max: 700 }),
        (moves, count, columnMs) => {
          const ring = new BucketRing(100, 400);
          const columns = new PixelColumns();
          columns.reset(count, columnMs);
          let nowMs = 10_000;
          let addedMs = 0;
          let before: ColumnContent[] = [];
          for (const { byMs, ahead, value } of moves) {
            nowMs += byMs;
            addedMs = Math.max(addedMs, nowMs + ahead);
            ring.add(addedMs, value);
            const from = columns.update(ring, nowMs);
            const content = contentOf(columns);
            expect(content).toEqual(contentOf(reduced(ring, nowMs, count, columnMs)));
            const kept = ([column]: ColumnContent): boolean => column < from && column >= columns.oldest;
            expect(content.filter(kept)).toEqual(before.filter(kept));
            before = content;
          }
        },
      ),
    );
  });

  test('their extremes are the extremes of the points in view', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 400 }), (points, count) => {
        const ring = new BucketRing(100, 400);
        points.forEach((value, index) => ring.add(index * 100, value));
        const extent = extentOf(reduced(ring, 39_999, count, 40_000 / count));
        expect(extent).toEqual({ min: Math.min(...points), max: Math.max(...points) });
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

describe('names at the ends of lines', () => {
  const space = { gap: 12, top: 4, bottom: 150 };
  const wanted = fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 30 });

  test('lie neither over one another nor outside, and keep the order of their lines', () => {
    fc.assert(
      fc.property(wanted, (ys) => {
        const places = spread(ys, space);
        expect(places).toHaveLength(ys.length);
        const placed = ys
          .map((y, index) => ({ y, index, place: places[index] }))
          .filter(({ place }) => place !== undefined)
          .sort((a, b) => a.y - b.y || a.index - b.index)
          .map(({ place }) => place as number);
        expect(placed).toHaveLength(Math.min(ys.length, 13));
        placed.forEach((place, rank) => {
          expect(place).toBeGreaterThanOrEqual(4 - 1e-9);
          expect(place).toBeLessThanOrEqual(150 + 1e-9);
          if (rank > 0) expect(place - (placed[rank - 1] as number)).toBeGreaterThanOrEqual(12 - 1e-9);
        });
      }),
    );
  });

  test('stay where they are wanted when there is room, and share the way when there is not', () => {
    expect(spread([100, 20, 60], space)).toEqual([100, 20, 60]);
    expect(spread([50, 52], space)).toEqual([45, 57]);
    expect(spread([0, 1, 149], space)).toEqual([4, 16, 149]);
    expect(spread([], space)).toEqual([]);
  });

  test('have no place where there is no room at all', () => {
    expect(spread([1, 2], { gap: 12, top: 10, bottom: 5 })).toEqual([undefined, undefined]);
  });
});

describe('dashes', () => {
  test('are drawn and left out in turns, from wherever one looks', () => {
    const drawn = (dash: readonly number[], from: number, to: number): string => {
      let text = '';
      for (let place = from; place < to; place++) text += isInDash(dash, place) ? '-' : ' ';
      return text;
    };
    expect(drawn([3, 2], 0, 12)).toBe('---  ---  --');
    expect(drawn([4, 1, 1, 1], 3, 12)).toBe('- - ---- ');
    expect(drawn([3, 2], 1e6, 1e6 + 5)).toBe('---  ');
  });

  test('of no length are a solid line', () => {
    for (const dash of [[], [0, 0]]) expect(isInDash(dash, 7)).toBe(true);
  });
});
