import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { HEAT_NAME_LENGTH, heatKey, heatRows } from '../src/page/view/heat-rows.ts';

const texts = (names: readonly (readonly string[])[]): string[] => heatRows(names).map(({ text }) => text);

describe('rows of a heat map', () => {
  test('name the exchange once, over its symbols', () => {
    expect(
      texts([
        ['binance-spot', 'BTCUSDT'],
        ['binance-spot', 'ETHUSDT'],
        ['coinbase', 'BTC-USD'],
      ]),
    ).toEqual(['binance-spot', 'BTCUSDT', 'ETHUSDT', 'coinbase', 'BTC-USD']);
  });

  test('of names with one part have no line over them', () => {
    expect(heatRows([['quotes'], ['trades']])).toEqual([
      { key: 'quotes', text: 'quotes', title: 'quotes' },
      { key: 'trades', text: 'trades', title: 'trades' },
    ]);
  });

  test('that begin alike and are too long for the room beside the cells stand over them, whole', () => {
    const long = 'x'.repeat(HEAT_NAME_LENGTH);
    const rows = heatRows([
      ['venue', long],
      ['venue', `${long}1`],
      ['venue', `${long}2`],
    ]);
    expect(rows.map(({ key, text }) => [key !== undefined, text])).toEqual([
      [false, 'venue'],
      [true, long],
      [false, `${long}1`],
      [true, ''],
      [false, `${long}2`],
      [true, ''],
    ]);
  });

  test('are as many as there are names, and what is read of each, with the lines over it, is its whole name', () => {
    const part = fc.stringMatching(/^[A-Z0-9-]{1,40}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(part, part), { selector: heatKey, maxLength: 40 }), (names) => {
        const sorted = [...names].sort((a, b) => (heatKey(a) < heatKey(b) ? -1 : 1));
        const read: string[][] = [];
        let over: string[] = [];
        for (const { key, text } of heatRows(sorted)) {
          if (key === undefined) over.push(text);
          else {
            expect(text.length).toBeLessThanOrEqual(HEAT_NAME_LENGTH);
            const own = text === '' ? over.pop() : text;
            read.push([over.at(-1) ?? '', own ?? '']);
            over = over.slice(-1);
          }
        }
        expect(read).toEqual(sorted);
      }),
    );
  });
});
