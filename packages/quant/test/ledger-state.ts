import type { PositionLedger } from '@nanometer/quant';

/** Everything of a ledger that can be seen, for comparing states. */
export function stateOf(ledger: PositionLedger): unknown {
  return {
    fills: ledger.fillCount,
    totals: [...ledger.totals().values()],
    positions: ledger.positions().map((position) => ({
      key: [position.account, position.strategy, position.exchange, position.symbol],
      quantity: position.quantity,
      averagePrice: position.averagePrice,
      realizedPnl: position.realizedPnl,
      unrealizedPnl: position.unrealizedPnl,
      fees: position.fees,
      fillCount: position.fillCount,
      markPrice: position.markPrice,
      openTimeMs: position.openTimeMs,
      trades: [position.trades.wins, position.trades.losses, position.trades.breakevens],
    })),
  };
}
