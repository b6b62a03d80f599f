import type { Position, RateBook } from '@nanometer/quant';

// The ledger writes amounts into cells: quantity, notional, unrealized and, after it, net P&L.
const UNREALIZED = 2;
const NET = 3;

/**
 * P&L of every strategy in the reporting currency: over its positions, net P&L of the ledger (all fees, funding and borrow
 * off) at the latest rate. A position without a rate is left out and counted; one without a mark is valued at its own last fill.
 */
export function pnlByStrategy(
  positions: Iterable<Position>,
  rates: RateBook,
): { readonly pnl: ReadonlyMap<string, number>; readonly missingRates: number } {
  const pnl = new Map<string, number>();
  const cells = new Float64Array(NET + 1);
  let missingRates = 0;
  for (const position of positions) {
    const rate = rates.rate(position.contract.currency);
    const net = netOf(position, cells);
    // Nothing earned needs no rate.
    if (Number.isNaN(rate) && net !== 0) missingRates++;
    else pnl.set(position.strategy, (pnl.get(position.strategy) ?? 0) + (net === 0 ? 0 : net * rate));
  }
  return { pnl, missingRates };
}

function netOf(position: Position, cells: Float64Array): number {
  position.valueInto(cells);
  position.netInto(cells, UNREALIZED);
  return cells[NET] as number;
}
