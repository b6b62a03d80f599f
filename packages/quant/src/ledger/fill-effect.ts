import { ClosedTrades, type ClosedTradeList } from './closed-trades.ts';
import type { Position } from './position.ts';
import type { TradeOutcome } from './trade-statistics.ts';

/**
 * What one applied fill, or one funding or borrow payment, changed. One object per ledger, overwritten by each applied
 * event; hold none of it.
 */
export interface FillEffect {
  /** The position it belongs to, as it is after the fill. Undefined until the first fill. */
  readonly position: Position | undefined;
  /** Signed change of the position. */
  readonly quantity: number;
  /** Change of realized P&L before fees, in the settlement currency. */
  readonly realizedPnl: number;
  /** As the fill names it: cost positive, in {@link feeCurrency}. The amount of a funding or borrow payment. */
  readonly fee: number;
  readonly feeCurrency: string;
  /** Part of the fee that reduces P&L in the settlement currency; 0 when it was charged in a third currency. */
  readonly feeCost: number;
  /** True when the fee is in a third currency and could not be converted for want of a rate. */
  readonly feeUnconverted: boolean;
  /** Traded value, positive, in {@link notionalCurrency}. */
  readonly notional: number;
  readonly notionalCurrency: string;
  /** The trades that the fill closed: one at the most, but as many as it matched lots when trades go fill to fill. */
  readonly closedTrades: ClosedTradeList;
  /** Outcome after fees of the trade that was closed last; undefined when none was or its fees are unknown. */
  readonly outcome: TradeOutcome | undefined;
  /** Net result of that trade in the settlement currency, NaN when there is none. */
  readonly tradeNetPnl: number;
  /** From opening to closing fill; NaN when none was closed or the times go backwards. */
  readonly tradeDurationMs: number;
  /** True when a trade was closed whose fees could not be converted for want of a rate. */
  readonly tradeFeesUnknown: boolean;
}

/** Kinds of an entry, as they stand in {@link KIND}. */
export const FILL_ENTRY = 0;
export const FUNDING_ENTRY = 1;
export const BORROW_ENTRY = 2;
/** A fill that was busted. */
export const VOID_ENTRY = 3;

/** Cells of {@link FillScratch}: a double in an array crosses a call without being boxed, an argument may not. */
export const DELTA = 0;
export const UNIT_VALUE = 1;
export const PRICE = 2;
export const FEE = 3;
export const FEE_COST = 4;
/** Fee in a third currency, in the settlement currency; NaN without a rate. */
export const FOREIGN_FEE_COST = 5;
export const TIME_MS = 6;
export const NOTIONAL = 7;
export const KIND = 8;
/** The cells before this one say what happened, and are what the journal keeps; the others follow from them. */
export const ENTRY_CELLS = 9;
export const REALIZED = 9;
export const TRADE_NET = 10;
/** Follows {@link TRADE_NET}: results smaller than this are breakeven. */
export const TRADE_NOISE = 11;
export const TRADE_DURATION = 12;
/** Quantity before the fill. */
export const BEFORE = 13;
/** Share of the fee that is charged to the open trade. */
export const FEE_SHARE = 14;
/** Quantity that is closed, unsigned. */
export const CLOSING = 15;
/** Cost of what is closed. */
export const MATCHED = 16;
/** Quantity of the position that the parts of the fill formed so far leave open, unsigned. */
export const LEFT = 17;

/** A fill on its way through the ledger: what goes into the position and what comes out of it. */
export class FillScratch implements FillEffect {
  readonly cells: Float64Array = new Float64Array(18);
  readonly closedTrades: ClosedTrades = new ClosedTrades();
  position: Position | undefined = undefined;
  feeCurrency = '';
  notionalCurrency = '';
  tradeFeesUnknown = false;

  get quantity(): number {
    return this.cells[DELTA] as number;
  }

  get realizedPnl(): number {
    return this.cells[REALIZED] as number;
  }

  get fee(): number {
    return this.cells[FEE] as number;
  }

  get feeCost(): number {
    return this.cells[FEE_COST] as number;
  }

  get feeUnconverted(): boolean {
    return this.cells[FOREIGN_FEE_COST] !== this.cells[FOREIGN_FEE_COST];
  }

  get notional(): number {
    return this.cells[NOTIONAL] as number;
  }

  get outcome(): TradeOutcome | undefined {
    return this.closedTrades.outcome(this.closedTrades.count - 1);
  }

  get tradeNetPnl(): number {
    return this.closedTrades.netPnl(this.closedTrades.count - 1);
  }

  get tradeDurationMs(): number {
    return this.closedTrades.durationMs(this.closedTrades.count - 1);
  }
}
