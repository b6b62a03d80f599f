import type { Position } from './position.ts';
import type { TradeOutcome } from './trade-statistics.ts';

/** What one applied fill changed. One object per ledger, overwritten by each applied fill. */
export class FillEffect {
  /** The position it belongs to, as it is after the fill. Undefined until the first fill. */
  position: Position | undefined = undefined;
  /** Signed change of the position. */
  quantity = 0;
  /** Change of realized P&L before fees, in the settlement currency. */
  realizedPnl = 0;
  /** As the fill names it: cost positive, in {@link feeCurrency}. */
  fee = 0;
  feeCurrency = '';
  /** Part of the fee that reduces P&L in the settlement currency; 0 when it was charged in a third currency. */
  feeCost = 0;
  /** Traded value, positive, in {@link notionalCurrency}. */
  notional = 0;
  notionalCurrency = '';
  /** Outcome after fees of the trade that the fill closed; undefined when it closed none or its fees are unknown. */
  outcome: TradeOutcome | undefined = undefined;
  /** Net result of that trade in the settlement currency, NaN when there is none. */
  tradeNetPnl: number = Number.NaN;
  /** From opening to closing fill; NaN when none was closed or the times go backwards. */
  tradeDurationMs: number = Number.NaN;
  /** True when a trade was closed whose fees could not be converted for want of a rate. */
  tradeFeesUnknown = false;
}
