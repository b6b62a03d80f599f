import { describe, expect, test } from '@jest/globals';
import { AlertBook } from '../src/page/feed/alert-book.ts';
import { baselZone } from '../src/page/panels/tail-risk.ts';
import { spectrumPlace } from '../src/page/panels/spectrum.ts';
import { RateRows } from '../src/page/store/rate-rows.ts';

describe('the Basel zone', () => {
  test.each([
    [0, 'green'],
    [4, 'green'],
    [5, 'yellow'],
    [9, 'yellow'],
    [10, 'red'],
    [NaN, undefined],
  ])('of %p exceptions is %p', (exceptions, zone) => {
    expect(baselZone(exceptions)).toBe(zone);
  });
});

test('each further nine of the latency axis is as wide as the one before', () => {
  const [ninety, ninetyNine, last] = [0.9, 0.99, 0.999].map(spectrumPlace) as [number, number, number];
  expect(ninetyNine - ninety).toBeCloseTo(ninety, 12);
  expect(last).toBeCloseTo(1, 12);
});

describe('columns of a heat map', () => {
  test('hold the largest of what they span, fill what was slept through, and know nothing before the first', () => {
    const rows = new RateRows();
    rows.add(1000, new Map([['a', 3]]));
    rows.add(1250, new Map([['a', 7]]));
    rows.add(2000, new Map([['a', 1]]));
    expect(rows.largest('a', 4, 5)).toBe(7);
    expect(rows.largest('a', 6, 8)).toBe(1);
    expect(rows.largest('a', 0, 3)).toBeNaN();
    expect(rows.largest('b', 0, 9)).toBeNaN();
    expect(rows.due(2100)).toBe(false);
    expect(rows.due(2250)).toBe(true);
  });

  test('of a market that fell silent are empty, not zero', () => {
    const rows = new RateRows();
    rows.add(0, new Map([['a', 3]]));
    rows.add(250, new Map());
    expect(rows.largest('a', 1, 1)).toBeNaN();
  });
});

describe('the book of alerts', () => {
  const alert = (fingerprint: string, severity: string, state: string, more: object = {}): object => ({
    fingerprint,
    rule: fingerprint,
    severity,
    state,
    labels: {},
    annotations: {},
    activeAtMs: 1,
    ...more,
  });

  test('puts first what is worst and nobody deals with', () => {
    const book = new AlertBook('http://127.0.0.1/');
    book.take({
      alerts: [
        alert('pending', 'critical', 'pending'),
        alert('acknowledged', 'critical', 'firing', { acknowledgement: { by: 'x', atMs: 1 } }),
        alert('info', 'info', 'firing'),
        alert('critical', 'critical', 'firing'),
        alert('over', 'critical', 'resolved', { endsAtMs: 5 }),
      ],
      total: 7,
    });
    expect(book.active.map(({ rule }) => rule)).toEqual(['critical', 'info', 'acknowledged', 'pending']);
    expect(book.ended.map(({ rule }) => rule)).toEqual(['over']);
    expect(book.untold).toBe(2);
  });

  test('leaves out what is no alert', () => {
    const book = new AlertBook('http://127.0.0.1/');
    book.take(undefined);
    book.take({ alerts: 'none' });
    expect(book.known).toBe(false);
    book.take({ alerts: [null, 5, { rule: 'x' }] });
    expect(book.known).toBe(true);
    expect(book.active).toEqual([]);
  });

  test('says why nothing was changed: the answer of the bridge, or that it cannot be reached', async () => {
    const refusing = new AlertBook('http://127.0.0.1/', () =>
      Promise.resolve(new Response('{"error":"no alert with the fingerprint"}', { status: 404 })),
    );
    expect(await refusing.acknowledge('a', 'Mei')).toBe('no alert with the fingerprint');
    const away = new AlertBook('http://127.0.0.1/', () => Promise.reject(new TypeError('failed')));
    expect(await away.shelve('a', 'Mei', '1h')).toMatch(/cannot be reached/);
  });
});
