import { table } from '../output/table.ts';
import type { Totals } from './totals.ts';

/** An output and what it ended with; `undefined` where it cannot be read from here. */
export type OutputTotals = readonly [output: string, totals: Totals | undefined];

/** The final table: a row per output; a column per total and currency. */
export function totalsTable(outputs: readonly OutputTotals[]): string {
  const feeCurrencies = currencies(outputs, (totals) => totals.fees);
  const pnlCurrencies = currencies(outputs, (totals) => totals.realizedPnl);
  const header = [
    'output',
    'fills',
    'filled quantity',
    ...feeCurrencies.map((currency) => `fees ${currency}`),
    ...pnlCurrencies.map((currency) => `realized P&L ${currency}`),
  ];
  const rows = outputs.map(([output, totals]) =>
    totals === undefined
      ? [output, ...header.slice(1).map(() => '–')]
      : [
          output,
          String(totals.fills),
          amount(totals.filledQuantity),
          ...feeCurrencies.map((currency) => amount(totals.fees[currency])),
          ...pnlCurrencies.map((currency) => amount(totals.realizedPnl[currency])),
        ],
  );
  return table(header, rows);
}

function currencies(outputs: readonly OutputTotals[], amounts: (totals: Totals) => object): string[] {
  return [
    ...new Set(outputs.flatMap(([, totals]) => (totals === undefined ? [] : Object.keys(amounts(totals))))),
  ].sort();
}

function amount(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(8).replace(/(\.\d\d\d*?)0+$/, '$1');
}
