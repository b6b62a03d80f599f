import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  formatAge,
  formatAmount,
  formatClock,
  formatCount,
  formatDuration,
  formatDurationTick,
  formatNumber,
  formatPercent,
  formatRatio,
  formatRate,
  formatSigned,
  formatTick,
  formatVolume,
  NO_DATA,
  quantityDecimals,
  shownSign,
} from '../src/page/format.ts';
import { marketMode } from '../src/page/market-mode.ts';
import { Source } from '../src/page/store/sources.ts';
import { amountsText, arrowOf, toneOf } from '../src/page/view/amounts.ts';
import { ViewState } from '../src/page/view/view-state.ts';

describe('numbers', () => {
  test('are the digits of the exact value in groups of three, with a true minus unless they are all zero', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e21, max: 1e21, maxExcluded: true, minExcluded: true }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.constantFrom(-0, 5e-324, -5e-324, 2 ** 53 - 1, 2 ** 53 + 1, 999.995, 999_999.5, 1.005, 1e21 - 131_072),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 8 }), (number, decimals) => {
        const text = formatNumber(number, decimals);
        expect(text).toMatch(/^\u2212?\d{1,3}(,\d{3})*(\.\d+)?$/);
        const plain = Math.abs(number).toFixed(decimals);
        const sign = number < 0 && /[1-9]/.test(plain) ? '\u2212' : '';
        expect(text.replaceAll(',', '')).toBe(sign + plain);
      }),
    );
  });

  test.each([1e21, 2 ** 80, Number.MAX_VALUE])('of %p are written in full', (value) => {
    expect(formatNumber(value).replaceAll(',', '')).toBe(String(BigInt(value)));
  });

  test.each([NaN, Infinity, -Infinity])('%p is no data in every format, never a zero', (value) => {
    const formats = [
      formatNumber,
      formatSigned,
      formatCount,
      formatRate,
      formatRatio,
      formatDuration,
      formatPercent,
      formatAge,
    ];
    for (const format of formats) expect(format(value)).toBe(NO_DATA);
    expect(formatAmount(value, 'USD')).toBe(NO_DATA);
    expect(formatClock(value)).toBe(NO_DATA);
  });

  test('zero, minus zero and what rounds to it have no sign', () => {
    for (const value of [0, -0, 5e-324, -5e-324, -0.004]) expect(formatSigned(value, 2)).toBe('0.00');
  });

  test('signs are a plus and a true minus', () => {
    expect(formatSigned(1234.5, 2)).toBe('+1,234.50');
    expect(formatSigned(-1234.5, 2)).toBe('\u22121,234.50');
  });

  test('an amount has the decimals of its currency', () => {
    expect(formatAmount(-0.00061821, 'BTC', true)).toBe('\u22120.00061821');
    expect(formatAmount(1234.567, 'USDT', true)).toBe('+1,234.57');
    expect(formatAmount(1234.567, 'jpy')).toBe('1,235');
    expect(formatAmount(12_345_678, 'USD')).toBe('12.346 M');
    expect(formatAmount(-(2 ** 53), 'USD', true)).toBe('\u22129,007,199.255 bn');
  });

  test('a turnover is short: whole units, or three digits of millions', () => {
    expect([431.4, 643_061.84, 3_899_884.56, 2.5e9, NaN].map((value) => formatVolume(value, 'USDT'))).toEqual([
      '431',
      '643,062',
      '3.90 M',
      '2.50 bn',
      NO_DATA,
    ]);
    expect(formatVolume(12.34567, 'BTC')).toBe('12.3457');
  });

  test('colour and arrow follow what the text shows', () => {
    const shown = (value: number, currency: string) => [
      shownSign(value, currency),
      toneOf({ value, currency }),
      arrowOf({ value, currency }),
    ];
    expect(shown(-4e-7, 'USDT')).toEqual([0, '', '']);
    expect(shown(-4e-7, 'BTC')).toEqual([-1, 'loss', '▼']);
    expect(shown(0.01, 'USD')).toEqual([1, 'gain', '▲']);
    expect(shown(NaN, 'USD')).toEqual([0, '', '']);
  });

  test('amounts of several currencies stand below each other', () => {
    const amounts = [
      { currency: 'USDT', value: 1 },
      { currency: 'BTC', value: -0.5 },
    ];
    expect(amountsText(amounts, true)).toBe('+1.00 USDT\n\u22120.50000000 BTC');
  });

  test.each([
    [-0.05104999999999998, 5],
    [30, 0],
    [-2.56, 2],
    [0, 0],
    [1e-9, 0],
    [NaN, 0],
  ])('the quantity %p needs %p decimals', (quantity, decimals) => {
    expect(quantityDecimals(quantity)).toBe(decimals);
  });

  test.each([
    [0, '0'],
    [1500, '1.5k'],
    [-20, '\u221220'],
    [2_000_000, '2M'],
    [5e-8, '0.00000005'],
    [0.1 + 0.2, '0.3'],
  ])('the tick %p reads %p', (value, text) => {
    expect(formatTick(value)).toBe(text);
  });

  test('a ratio that is out of all proportion shows its magnitude', () => {
    expect(formatRatio(-1.256)).toBe('\u22121.26');
    expect(formatRatio(999_999.5)).toBe('999,999.50');
    expect(formatRatio(3.54465e21)).toBe('3.5e21');
    expect(formatRatio(-1e6)).toBe('\u22121.0e6');
    expect(formatRatio(-0)).toBe('0.00');
  });

  test('rates keep a decimal below ten only', () => {
    expect([0, 0.25, 9.96, 12_345.6].map(formatRate)).toEqual(['0', '0.3', '10.0', '12,346']);
  });
});

describe('times', () => {
  test.each([
    [0, '0 s'],
    [4.2e-8, '42.0 ns'],
    [0.0000038, '3.80 µs'],
    [0.00042, '420 µs'],
    [0.0031, '3.10 ms'],
    [0.9999, '1.00 s'],
    [64, '64.0 s'],
    [862, '14 m 22 s'],
    [900, '15 m'],
    [3600, '1 h'],
    [5400, '1 h 30 m'],
  ])('the duration %p s reads %p', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('an axis leaves trailing zeros out', () => {
    expect([0.005, 0.02, 0.5, 2.5e-6].map(formatDurationTick)).toEqual(['5 ms', '20 ms', '500 ms', '2.50 µs']);
  });

  test('ages are coarse and never negative', () => {
    expect([-3, 0.44, 12.3, 200, 240, 3599.9, 3600, 7800, 400_000].map(formatAge)).toEqual([
      '0.0 s',
      '0.4 s',
      '12 s',
      '3 m 20 s',
      '4 m 00 s',
      '59 m 59 s',
      '1 h 00 m',
      '2 h 10 m',
      '4 d',
    ]);
  });

  test('the clock is UTC', () => {
    expect(formatClock(Date.UTC(2026, 10, 23, 4, 5, 6))).toBe('04:05:06');
  });
});

describe('what the reader is told and chose', () => {
  const source = (resource: Record<string, string>, superseded = false) =>
    Object.assign(new Source('desk', '1', resource), { superseded });

  test.each([
    [{}, undefined],
    [{ 'nanometer.market.mode': 'simulated' }, 'simulated market'],
    [{ 'nanometer.market.mode': 'replay' }, 'replay'],
    [{ 'nanometer.market.mode': 'replay', 'nanometer.market.name': 'market' }, 'replay market'],
  ])('resource %p is badged %p', (resource, badge) => {
    expect(marketMode([source(resource)])).toBe(badge);
  });

  test('a desk that was replaced does not badge the market', () => {
    expect(marketMode([source({ 'nanometer.market.mode': 'simulated' }, true)])).toBeUndefined();
  });

  test('window and filter survive the address', () => {
    const view = new ViewState();
    view.windowMs = 900_000;
    view.filterText = 'btc maker';
    const copy = new ViewState();
    copy.readFragment(view.fragment());
    expect([copy.windowMs, copy.filterText]).toEqual([900_000, 'btc maker']);
    copy.readFragment('#window=nonsense');
    expect(copy.windowMs).toBe(900_000);
  });

  test('a filter wants every word in one of the labels', () => {
    const view = new ViewState();
    view.filterText = 'btc tight';
    expect(view.shows(['maker-tight', 'binance', 'BTCUSDT'])).toBe(true);
    expect(view.shows(['maker-wide', 'binance', 'BTCUSDT'])).toBe(false);
  });
});
