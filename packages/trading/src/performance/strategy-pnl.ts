import type { Position, RateBook } from '@nanometer/quant';

/**
 * P&L of every strategy in the reporting currency: over its positions, realized and unrealized less costs at the latest
 * rate. A position without a rate is left out and counted; one without a mark is valued at its own last fill.
 */
export function pnlByStrategy(
  positions: Iterable<Position>,
  rates: RateBook,
): { readonly pnl: ReadonlyMap<string, number>; readonly missingRates: number } {
  const pnl = new Map<string, number>();
  let missingRates = 0;
  for (const position of positions) {
    const rate = rates.rate(position.contract.currency);
    const net = netOf(position);
    // Nothing earned needs no rate.
    if (Number.isNaN(rate) && net !== 0) missingRates++;
    else pnl.set(position.strategy, (pnl.get(position.strategy) ?? 0) + (net === 0 ? 0 : net * rate));
  }
  return { pnl, missingRates };
}

function netOf(position: Position): number {
  const { realizedPnl, fees, lastFillPrice, quantity } = position;
  const unrealized = quantity === 0 ? 0 : (position.unrealizedPnl ?? position.unrealizedPnlAt(lastFillPrice));
  return realizedPnl + unrealized - fees;
}
