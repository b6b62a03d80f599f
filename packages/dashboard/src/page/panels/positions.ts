import { formatSigned, NO_DATA, quantityDecimals, shownSign } from '../format.ts';
import type { Model } from '../model.ts';
import { type Amount, amountsOf, amountsText, toneOf } from '../view/amounts.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import type { CellText } from '../view/table.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface PositionRow {
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly decimals: number;
  readonly notional: readonly Amount[];
  readonly unrealized: readonly Amount[];
  readonly realized: readonly Amount[];
}

function amounts(of: readonly Amount[], signed: boolean): CellText {
  if (of.length === 0) return { text: NO_DATA, tone: 'quiet' };
  const zero = of.every(({ value, currency }) => shownSign(value, currency) === 0);
  const tone = zero ? 'quiet' : signed && of.length === 1 ? toneOf(of[0] as Amount) : '';
  return { text: amountsText(of, signed), tone };
}

/** Every position with its P&L; flat ones that earned or lost something stay, dimmed. */
export function positionsPanel(model: Model): TablePanel<PositionRow> {
  const { quantity, notional, unrealized, realized } = model.positions;
  // An instrument keeps the most decimals it has needed: its digits line up and do not jump with every fill.
  const decimals = new Map<string, number>();
  const decimalsOf = (instrument: string, value: number): number => {
    const needed = Math.max(decimals.get(instrument) ?? 0, quantityDecimals(value));
    decimals.set(instrument, needed);
    return needed;
  };
  const rows = (frame: Frame): KeyedRow<PositionRow>[] =>
    quantity
      .cells()
      .filter((cell) => !Number.isNaN(cell.value) && frame.view.shows(cell.key))
      .map((cell) => {
        const [strategy, exchange, symbol] = cell.key as [string, string, string];
        return {
          key: cell.key.join('\u0000'),
          stale: freshness([cell], frame.nowMs).state === 'stale',
          row: {
            strategy,
            exchange,
            symbol,
            quantity: cell.value,
            decimals: decimalsOf(`${exchange} ${symbol}`, cell.value),
            notional: amountsOf(notional, ...cell.key),
            unrealized: amountsOf(unrealized, ...cell.key),
            realized: amountsOf(realized, ...cell.key),
          },
        };
      });
  return new TablePanel<PositionRow>({
    id: 'positions',
    title: 'Positions',
    note: 'quantity in contract units, long positive; P&L before fees',
    emptyText: 'No data: waiting for trading.position.quantity.',
    rows,
    columns: [
      { heading: 'Strategy', text: true, area: 'second', cell: (row) => ({ text: row.strategy }) },
      { heading: 'Exchange', text: true, area: 'third', cell: (row) => ({ text: row.exchange, tone: 'quiet' }) },
      { heading: 'Symbol', text: true, area: 'first', cell: (row) => ({ text: row.symbol }) },
      {
        heading: 'Quantity',
        area: 'a',
        cell: ({ quantity: held, decimals: shown }) =>
          held === 0 ? { text: 'flat', tone: 'quiet' } : { text: formatSigned(held, shown) },
      },
      { heading: 'Notional', area: 'b', cell: (row) => amounts(row.notional, false) },
      { heading: 'Unrealized', area: 'c', cell: (row) => amounts(row.unrealized, true) },
      { heading: 'Realized', area: 'd', cell: (row) => amounts(row.realized, true) },
    ],
  });
}
