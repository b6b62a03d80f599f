import { describe, expect, test } from '@jest/globals';
import { type Bar, BarBuilder, INDICATOR_KINDS, indicatorOf, type IndicatorSpec } from '@nanometer/quant';
import { sharedData } from '@nanometer/testing';
import * as fc from 'fast-check';
import { csvRows } from './vectors/market-data.ts';

const REFERENCE = sharedData('market/reference-indicators-daily-2017-2018.csv.gz');

/** Columns of the reference file that each indicator's outputs have to reproduce, by name; -1 where it has none. */
const COLUMNS: readonly (readonly [IndicatorSpec, readonly string[]])[] = [
  [['sma', 20], ['sma20']],
  [['ema', 20], ['ema20']],
  [['wma', 14], ['wma14']],
  [['vwma', 14], ['vwma14']],
  [['rsi', 14], ['rsi14']],
  ['macd', ['macd_12_26_9', 'macd_signal', 'macd_hist']],
  [
    ['stochastic', 14, 3, 3],
    ['stoch_k_14_3_3', 'stoch_d'],
  ],
  ['adx', ['adx14', 'pdi14', 'mdi14']],
  ['williams_r', ['williams_r14']],
  ['cci', ['cci20']],
  ['mfi', ['mfi14']],
  ['atr', ['atr14']],
  ['obv', ['obv']],
  ['vwap', ['vwap_anchored']],
  ['bollinger', ['bb_lower_20_2', '', 'bb_upper_20_2']],
  ['donchian', ['donchian_lower_20', '', 'donchian_upper_20']],
  ['keltner', ['keltner_lower', '', 'keltner_upper_20_2_10']],
  ['supertrend', ['supertrend_10_3']],
];

// Without the data these skip.
const it = REFERENCE === undefined ? test.skip : test;

describe('the catalogue', () => {
  it.each(COLUMNS)('%p is the reference of Stock.Indicators', (spec, columns) => {
    const header =
      'date,open,high,low,close,volume,sma20,ema20,wma14,rsi14,macd_12_26_9,macd_signal,macd_hist,tr,atr14,bb_upper_20_2,bb_lower_20_2,bb_percent_b,obv,vwap_anchored,stoch_k_14_3_3,stoch_d,pdi14,mdi14,adx14,vwma14,cci20,mfi14,williams_r14,donchian_upper_20,donchian_lower_20,keltner_upper_20_2_10,keltner_lower,supertrend_10_3'.split(
        ',',
      );
    const indicator = indicatorOf(spec);
    let compared = 0;
    for (const row of csvRows(REFERENCE!)) {
      const [open, high, low, close, volume] = row.slice(1, 6).map(Number) as [number, number, number, number, number];
      const values = indicator.add({ open, high, low, close, volume });
      columns.forEach((column, at) => {
        const cell = column === '' ? '' : row[header.indexOf(column)]!;
        if (cell === '' || values[at] === undefined) return;
        compared++;
        expect(Math.abs(values[at] - Number(cell))).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(Number(cell))));
      });
    }
    expect(compared).toBeGreaterThan(400);
  });

  test('every kind has a name, outputs, and values in their order', () => {
    for (const kind of INDICATOR_KINDS) {
      const indicator = indicatorOf(kind);
      expect(indicator.name.startsWith(kind)).toBe(true);
      for (let at = 0; at < 100; at++) {
        const close = 100 + 10 * Math.sin(at / 5);
        const values = indicator.add({ open: close, high: close + 1, low: close - 1, close, volume: 1 + (at % 3) });
        if (at < 99) continue;
        expect(values.length).toBe(indicator.outputs.length);
        for (const value of values) expect(Number.isFinite(value)).toBe(true);
      }
    }
  });

  test('an indicator is named by its parameters', () => {
    expect([indicatorOf('macd').name, indicatorOf(['ema', 9]).name, indicatorOf('obv').name]).toEqual([
      'macd_12_26_9',
      'ema_9',
      'obv',
    ]);
  });

  test('an indicator that is killed and resumed goes on as if nothing had happened', () => {
    const price = fc.integer({ min: 1, max: 400 }).map((quarters) => quarters / 4);
    const bar = fc.record({ open: price, close: price, reach: price, volume: fc.nat(50) });
    const shortened: readonly IndicatorSpec[] = [
      ['macd', 3, 5, 2],
      ['stochastic', 3, 2, 2],
      ['adx', 3],
      ['keltner', 4, 2, 3],
    ];
    const specs = [...INDICATOR_KINDS, ...shortened];
    fc.assert(
      fc.property(fc.constantFrom(...specs), fc.array(bar, { maxLength: 60 }), fc.nat(60), (spec, list, cut) => {
        const bars = list.map(({ open, close, reach, volume }) => ({
          open,
          close,
          high: Math.max(open, close, reach),
          low: Math.min(open, close, reach),
          volume,
        }));
        const lasting = indicatorOf(spec);
        let resumed = indicatorOf(spec);
        bars.forEach((each, at) => {
          if (at === cut) {
            const before = resumed;
            resumed = indicatorOf(spec);
            resumed.restore(JSON.parse(JSON.stringify(before.snapshot())) as number[]);
          }
          expect(resumed.add(each)).toEqual(lasting.add(each));
        });
        expect(resumed.snapshot()).toEqual(lasting.snapshot());
      }),
      { numRuns: 400 },
    );
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no list', { length: 4 }],
    ['too few numbers', [3, 2]],
    ['too many numbers', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a text', ['1', 2, 3]],
    ['a count of bars that is none', [1.5, 0, 0]],
    ['a window longer than the indicator', [99, 1e9]],
  ])('the state of an indicator is refused when it is %s', (_, state) => {
    for (const kind of ['sma', 'donchian', 'macd'] as const) {
      expect(() => indicatorOf(kind).restore(state as number[])).toThrow(
        expect.objectContaining({ code: 'invalid_snapshot' }),
      );
    }
  });

  test.each([
    [['ema', 0], 'takes 1 above 0'],
    [['ema', 1.5], 'a window of 1.5'],
    [['ema', 1, 2], 'takes 1 above 0'],
    [['obv', 3], 'takes no parameters'],
    ['nonsense', 'there is no indicator nonsense'],
    ['toString', 'there is no indicator toString'],
  ])('refuses %p', (spec, message) => {
    expect(() => indicatorOf(spec as IndicatorSpec)).toThrow(message);
  });
});

describe('bars', () => {
  const barsOf = (events: readonly (readonly [price: number, quantity: number, time: number])[]): Bar[] => {
    const bars: Bar[] = [];
    const builder = new BarBuilder({ periodMs: 10 }, (bar) => bars.push(bar));
    for (const [price, quantity, time] of events) builder.add(price, quantity, time);
    return bars;
  };

  test('hold the first, highest, lowest and last price of their period, and its volume', () => {
    expect(
      barsOf([
        [5, 1, 0],
        [7, 2, 3],
        [4, 1, 8],
        [6, 1, 9],
        [9, 9, 10],
      ]),
    ).toEqual([{ open: 5, high: 7, low: 4, close: 6, volume: 5 }]);
  });

  test('a quiet period is flat at the last close', () => {
    const flat = { open: 5, high: 5, low: 5, close: 5, volume: 0 };
    expect(
      barsOf([
        [5, 1, 0],
        [6, 1, 35],
      ]),
    ).toEqual([{ ...flat, volume: 1 }, flat, flat]);
  });

  test('the bar under way survives a kill, with its place on the grid', () => {
    const trades = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat(10), fc.nat(30)), { maxLength: 40 });
    fc.assert(
      fc.property(trades, fc.nat(40), (list, cut) => {
        const bars: [Bar[], Bar[]] = [[], []];
        const lasting = new BarBuilder({ periodMs: 10 }, (bar) => bars[0].push(bar));
        let resumed = new BarBuilder({ periodMs: 10 }, (bar) => bars[1].push(bar));
        let time = 0;
        list.forEach(([price, quantity, step], at) => {
          if (at === cut) {
            const state = JSON.parse(JSON.stringify(resumed.snapshot())) as number[];
            resumed = new BarBuilder({ periodMs: 10 }, (bar) => bars[1].push(bar));
            resumed.restore(state);
          }
          time += step;
          lasting.add(price, quantity, time);
          resumed.add(price, quantity, time);
        });
        expect(bars[1]).toEqual(bars[0]);
        expect(resumed.snapshot()).toEqual(lasting.snapshot());
      }),
    );
    expect(() => new BarBuilder({ periodMs: 10 }, () => undefined).restore([1, 2])).toThrow('ends too early');
  });

  test('no trade is lost: volumes of all bars and the open one add up', () => {
    const trades = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat(10), fc.nat(30)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(trades, (list) => {
        let time = 0;
        const events = list.map(([price, quantity, step]) => [price, quantity, (time += step)] as const);
        const bars = barsOf([...events, [1, 0, time + 10]]);
        expect(bars.reduce((sum, bar) => sum + bar.volume, 0)).toBe(
          list.reduce((sum, [, quantity]) => sum + quantity, 0),
        );
        for (const { open, high, low, close } of bars) {
          expect(low).toBeLessThanOrEqual(Math.min(open, close));
          expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        }
      }),
    );
  });

  test.each([
    [0, 1, 0],
    [-5, 1, 0],
    [Number.NaN, 1, 0],
    [5, -1, 0],
    [5, 1, Infinity],
  ])('refuse a price of %p, a quantity of %p, a time of %p', (price, quantity, time) => {
    const builder = new BarBuilder({ periodMs: 10 }, () => undefined);
    expect(builder.add(price, quantity, time)).toBe(false);
  });

  test('a clock that was set begins a new bar', () => {
    const bars: Bar[] = [];
    const builder = new BarBuilder({ periodMs: 10, gapLimit: 5 }, (bar) => bars.push(bar));
    builder.add(5, 1, 0);
    builder.add(6, 2, 1e9);
    builder.add(7, 1, 1e9 + 10);
    expect([bars, builder.jumps]).toEqual([[{ open: 6, high: 6, low: 6, close: 6, volume: 2 }], 1]);
  });
});
