import { describe, expect, test } from '@jest/globals';
import { totalsFromPrometheusText } from '../src/demo/prometheus-totals.ts';
import { totalsTable } from '../src/demo/table.ts';
import { sumTotals, type Totals, totalsEqual } from '../src/demo/totals.ts';

const TOTALS: Totals = { fills: 3, filledQuantity: 0.3, fees: { USDT: 1.5 }, realizedPnl: { USDT: -2, BTC: 1e-5 } };

describe('totals', () => {
  test('are read out of Prometheus text, by currency, whatever the order of labels, for this desk alone', () => {
    const text = [
      '# TYPE trading_fill_count_total counter',
      'trading_fill_count_total{trading_strategy="a",instance="desk-1"} 2',
      'trading_fill_count_total{trading_strategy="b}",instance="desk-1"} 1 1700000000000',
      'trading_fill_quantity_total{instance="desk-1",trading_strategy="a"} 0.3',
      'trading_fee{trading_currency="USDT",instance="desk-1",trading_strategy="a"} 1.5',
      'trading_fee{trading_currency="USDT",instance="desk-2",trading_strategy="a"} 99',
      'trading_pnl_realized{a="1",trading_currency="USDT",instance="desk-1"} -2',
      'trading_pnl_realized{trading_currency="BTC",instance="desk-1"} 1e-05',
      'trading_pnl_realized_extra{trading_currency="BTC",instance="desk-1"} 77',
      'other 5',
      '',
    ].join('\n');
    expect(totalsFromPrometheusText(text)).toEqual(TOTALS);
  });

  test('of no samples are zero', () => {
    expect(sumTotals([])).toEqual({ fills: 0, filledQuantity: 0, fees: {}, realizedPnl: {} });
  });

  test('are equal when counts are the same and amounts differ by rounding only', () => {
    expect(totalsEqual(TOTALS, { ...TOTALS, filledQuantity: 0.1 + 0.2 })).toBe(true);
    expect(totalsEqual(TOTALS, { ...TOTALS, fees: { USDT: 1.5, BTC: 0 } })).toBe(true);
  });

  test.each<[string, Partial<Totals>]>([
    ['a fill', { fills: 2 }],
    ['a quantity', { filledQuantity: 0.300001 }],
    ['a fee', { fees: { USDT: 1.500001 } }],
    ['a currency', { fees: { USD: 1.5 } }],
    ['a NaN', { realizedPnl: { USDT: Number.NaN, BTC: 1e-5 } }],
    ['an infinity', { filledQuantity: Number.POSITIVE_INFINITY }],
  ])('differ by %s', (_, change) => {
    expect(totalsEqual(TOTALS, { ...TOTALS, ...change })).toBe(false);
  });

  test('are laid out in a table, with a dash for what cannot be read', () => {
    expect(
      totalsTable([
        ['ledger', TOTALS],
        ['StatsD', undefined],
      ]),
    ).toBe(
      [
        'output  fills  filled quantity  fees USDT  realized P&L BTC  realized P&L USDT',
        '------  -----  ---------------  ---------  ----------------  -----------------',
        'ledger      3             0.30       1.50           0.00001              -2.00',
        'StatsD      –                –          –                 –                  –',
      ].join('\n'),
    );
  });
});
