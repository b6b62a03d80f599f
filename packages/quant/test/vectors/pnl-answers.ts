import { type Contract, PositionLedger, TradeStatistics } from '@nanometer/quant';

const LINEAR: Contract = {
  exchange: 'x',
  symbol: 's',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USD',
};
const SHARE = 0.0005;
const QUANTITY = 0.01;
const EVERY = 200;

/** Quote units that one contract of a coin-margined market stands for, by the exchange's own table. */
export function faceValueOf(stem: string): number | undefined {
  if (!stem.includes('-coinm-')) return undefined;
  return stem.includes('-btcusd') ? 100 : 10;
}

/** A trade as far as the sampled-fill rule looks at it. */
export interface Print {
  readonly price: number;
  readonly isBuy: boolean;
}

/**
 * P&L of the sampled-fill rule: every 200th trade, 0.01 on the taker's side at the print, a fee of 5 basis points of
 * the notional, marked at the last mid. `faceValue` makes it an inverse contract of that many quote units, whose
 * amounts are in coin.
 */
export function sampledFillAnswers(prints: Iterable<Print>, lastMid: number, faceValue?: number): object {
  const ledger = new PositionLedger();
  const contract: Contract =
    faceValue === undefined
      ? LINEAR
      : { ...LINEAR, kind: 'inverse', multiplier: faceValue, currency: 'BTC', quoteCurrency: 'USD' };
  ledger.defineContract(contract);
  const closes = new TradeStatistics();
  let index = 0;
  for (const { price, isBuy } of prints) {
    if (index++ % EVERY !== 0) continue;
    const before = ledger.positionAt(0)?.quantity ?? 0;
    const notional = faceValue === undefined ? QUANTITY * price : (QUANTITY * faceValue) / price;
    const result = ledger.applyFill({
      fillId: String(index),
      strategy: 'sampled',
      exchange: 'x',
      symbol: 's',
      side: isBuy ? 'buy' : 'sell',
      quantity: QUANTITY,
      price,
      fee: SHARE * notional,
      liquidity: 'taker',
      timeMs: 0,
    });
    if (result !== 'applied') throw new Error(`a sampled fill was refused: ${result}`);
    if (before !== 0 && before > 0 !== isBuy) closes.add(ledger.effect.realizedPnl);
  }
  ledger.applyMark({ exchange: 'x', symbol: 's', price: lastMid, timeMs: 0 });
  const position = ledger.positionAt(0);
  return {
    fills: ledger.fillCount,
    position: position?.quantity,
    avg_px: position?.averagePrice,
    realized_gross: position?.realizedPnl,
    fees: position?.fees,
    unrealized_at_last_mid: position?.unrealizedPnl,
    net_total: ledger.totals().get(contract.currency)?.netPnl,
    closing_fills: closes.count,
    winning_closes: closes.wins,
    losing_closes: closes.losses,
    profit_factor_gross: closes.profitFactor,
  };
}
