import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { HistoryClient, HistoryProblem } from '../src/page/history/history-client.ts';
import { historyLines } from '../src/page/history/history-lines.ts';
import type { HistoryAnswer, HistorySeries } from '../src/page/history/history-client.ts';
import { rangeOfKey } from '../src/page/history/plot-gestures.ts';
import { clampRange, LONGEST_MS, panRange, SHORTEST_MS, zoomRange } from '../src/page/history/time-range.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const ALL = (): boolean => true;

function series(
  kind: string,
  attributes: Record<string, string>,
  points: Partial<HistorySeries['points']>,
): HistorySeries {
  const timeMs = points.timeMs ?? [];
  const none = timeMs.map(() => null);
  return {
    name: 'risk.drawdown',
    kind,
    unit: '{currency}',
    attributes,
    resource: { 'service.name': 'desk' },
    points: { timeMs, min: none, max: none, sum: none, last: none, ...points },
  };
}

function answer(...found: readonly HistorySeries[]): HistoryAnswer {
  return { fromMs: NOW - 4 * MINUTE, toMs: NOW, stepMs: MINUTE, series: found, seriesLeftOut: 0 };
}

describe('a span of time', () => {
  const anyTime = fc.double({ min: NOW - 3 * LONGEST_MS, max: NOW + LONGEST_MS, noNaN: true });

  test('stays within what can be shown, however it is zoomed and moved', () => {
    fc.assert(
      fc.property(
        anyTime,
        fc.double({ min: 1, max: 2 * LONGEST_MS, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (fromMs, length, factor, share) => {
          const zoomed = zoomRange({ fromMs, toMs: fromMs + length }, factor, fromMs + length / 3, NOW);
          const moved = panRange(zoomed, share, NOW);
          for (const range of [zoomed, moved]) {
            expect(range.toMs).toBeLessThanOrEqual(NOW);
            expect(range.toMs - range.fromMs).toBeGreaterThanOrEqual(SHORTEST_MS - 1);
            expect(range.toMs - range.fromMs).toBeLessThanOrEqual(LONGEST_MS + 1);
          }
          expect(moved.toMs - moved.fromMs).toBeCloseTo(zoomed.toMs - zoomed.fromMs, 0);
        },
      ),
    );
  });

  test('keeps the moment under the pointer where it is', () => {
    const range = { fromMs: NOW - 600 * MINUTE, toMs: NOW - 300 * MINUTE };
    const at = NOW - 500 * MINUTE;
    const zoomed = zoomRange(range, 0.5, at, NOW);
    expect((at - zoomed.fromMs) / (zoomed.toMs - zoomed.fromMs)).toBeCloseTo(1 / 3, 9);
  });

  test.each([
    [NaN, NOW],
    [-Infinity, Infinity],
    [NOW, NOW],
    [NOW, NOW - 1],
  ])('from %p to %p is none: the hour before now is shown', (fromMs, toMs) => {
    expect(clampRange({ fromMs, toMs }, NOW)).toEqual({ fromMs: NOW - 60 * MINUTE, toMs: NOW });
  });

  test('follows the keys, and others lead nowhere', () => {
    const range = { fromMs: NOW - 200 * MINUTE, toMs: NOW - 100 * MINUTE };
    expect(rangeOfKey('ArrowLeft', range, NOW)).toEqual({ fromMs: NOW - 225 * MINUTE, toMs: NOW - 125 * MINUTE });
    expect(rangeOfKey('ArrowRight', range, NOW)).toEqual({ fromMs: NOW - 175 * MINUTE, toMs: NOW - 75 * MINUTE });
    expect(rangeOfKey('+', range, NOW)).toEqual({ fromMs: NOW - 180 * MINUTE, toMs: NOW - 120 * MINUTE });
    expect(rangeOfKey('p', range, NOW)).toBeUndefined();
  });
});

describe('lines of a history', () => {
  test('have every step of the span: where nothing was kept is a hole', () => {
    const lines = historyLines(
      answer(
        series(
          'gauge',
          { a: 'x' },
          { timeMs: [NOW - 4 * MINUTE, NOW - MINUTE], last: [5, 7], min: [1, 6], max: [9, 8] },
        ),
      ),
      NOW,
      ALL,
    );
    expect(lines.timeMs).toEqual([4, 3, 2, 1].map((back) => NOW - back * MINUTE));
    expect(lines.lines[0]).toMatchObject({
      value: [5, null, null, 7],
      low: [1, null, null, 6],
      high: [9, null, null, 8],
    });
  });

  test('of a counter are its increase per second, without a band and without the step that is under way', () => {
    const counter = series('counter', {}, { timeMs: [NOW - 2 * MINUTE, NOW - MINUTE], sum: [120, 30] });
    const { lines, unit } = historyLines(answer(counter), NOW - 1, ALL);
    expect(lines[0]?.value).toEqual([null, null, 2, null]);
    expect(lines[0]?.low).toBeUndefined();
    expect(unit).toBe('/s');
    const dollars = series('gauge', { 'trading.currency': 'USD' }, { timeMs: [NOW - MINUTE], last: [1] });
    expect(historyLines(answer(dollars), NOW, ALL).unit).toBe('USD');
  });

  test('of a histogram go from median to p99', () => {
    const histogram = series('histogram', {}, { timeMs: [NOW - MINUTE], p50: [0.001], p99: [0.02] });
    expect(historyLines(answer(histogram), NOW, ALL).lines[0]).toMatchObject({
      value: [null, null, null, 0.001],
      high: [null, null, null, 0.02],
    });
  });

  test('are the six largest by magnitude, named by what tells them apart; the rest is counted', () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      series(
        'gauge',
        { 'trading.strategy': `s${index}`, 'trading.currency': 'USD' },
        { timeMs: [NOW - MINUTE], last: [index % 2 === 0 ? index : -index] },
      ),
    );
    const lines = historyLines(answer(...many), NOW, ALL);
    expect(lines.lines.map(({ label }) => label)).toEqual(['s2', 's3', 's4', 's5', 's6', 's7']);
    expect(lines.leftOut).toBe(2);
    const filtered = historyLines(answer(...many), NOW, (labels) => labels.includes('s1'));
    expect(filtered.lines.map(({ label }) => label)).toEqual(['s1 · USD · desk']);
  });

  test('of an answer without series, or of points outside the span, are none and empty', () => {
    expect(historyLines(answer(), NOW, ALL)).toMatchObject({ lines: [], leftOut: 0, unit: '' });
    const outside = series('gauge', {}, { timeMs: [0, NOW + 5 * MINUTE], last: [1, 2] });
    expect(historyLines(answer(outside), NOW, ALL).lines[0]?.value).toEqual([null, null, null, null]);
  });
});

describe('the history of a bridge', () => {
  const asked: string[] = [];
  const client = (status: number, body: unknown): HistoryClient =>
    new HistoryClient('http://bridge/', async (url) => {
      asked.push(url);
      return Response.json(body, { status });
    });

  test('is asked for whole milliseconds of one metric', async () => {
    await client(200, answer()).rollups('risk.drawdown', { fromMs: 1.4, toMs: 2.2 });
    expect(asked.at(-1)).toBe('http://bridge/api/v1/history?name=risk.drawdown&from=1&to=3');
  });

  test('that is off, refused or away says so in a sentence', async () => {
    const off = client(404, {
      error: { code: 'HISTORY_OFF', message: 'this bridge keeps no history; start it with X' },
    });
    await expect(off.names()).rejects.toThrow(new HistoryProblem('This bridge keeps no history; start it with X.'));
    await expect(client(500, 'no object').names()).rejects.toThrow('The bridge answered 500.');
    const away = new HistoryClient('http://bridge/', () => Promise.reject(new TypeError('failed')));
    await expect(away.names()).rejects.toThrow('The bridge cannot be reached.');
  });

  test('names each metric once', async () => {
    const names = await client(200, { series: [{ name: 'b' }, { name: 'a' }, { name: 'b' }] }).names();
    expect(names).toEqual(['a', 'b']);
  });
});
