import type { Position } from './position.ts';
import type { TradeOutcome } from './trade-statistics.ts';

/** What one applied fill changed. One object per ledger, overwritten by each applied fill; hold none of it. */
export interface FillEffect {
  /** The position it belongs to, as it is after the fill. Undefined until the first fill. */
  readonly position: Position | undefined;
  /** Signed change of the position. */
  readonly quantity: number;
  /** Change of realized P&L before fees, in the settlement currency. */
  readonly realizedPnl: number;
  /** As the fill names it: cost positive, in {@link feeCurrency}. */
  readonly fee: number;
  readonly feeCurrency: string;
  /** Part of the fee that reduces P&L in the settlement currency; 0 when it was charged in a third currency. */
  readonly feeCost: number;
  /** Traded value, positive, in {@link notionalCurrency}. */
  readonly notional: number;
  readonly notionalCurrency: string;
  /** Outcome after fees of the trade that the fill closed; undefined when it closed none or its fees are unknown. */
  readonly outcome: TradeOutcome | undefined;
  /** Net result of that trade in the settlement currency, NaN when there is none. */
  readonly tradeNetPnl: number;
  /** From opening to closing fill; NaN when none was closed or the times go backwards. */
  readonly tradeDurationMs: number;
  /** True when a trade was closed whose fees could not be converted for want of a rate. */
  readonly tradeFeesUnknown: boolean;
}

/** Cells of {@link FillScratch}: a double in an array crosses a call without being boxed, an argument may not. */
export const DELTA = 0;
export const UNIT_VALUE = 1;
export const PRICE = 2;
export const FEE = 3;
export const FEE_COST = 4;
export const FOREIGN_FEE_COST = 5;
export const TIME_MS = 6;
export const NOTIONAL = 7;
export const REALIZED = 8;
export const TRADE_NET = 9;
/** Follows {@link TRADE_NET}: results smaller than this are breakeven. */
export const TRADE_NOISE = 10;
export const TRADE_DURATION = 11;
/** Quantity before the fill. */
export const BEFORE = 12;
/** Share of the fee that is charged to the open trade. */
export const FEE_SHARE = 13;

/** A fill on its way through the ledger: what goes into the position and what comes out of it. */
export class FillScratch implements FillEffect {
  readonly cells: Float64Array = new Float64Array(14);
  position: Position | undefined = undefined;
  feeCurrency = '';
  notionalCurrency = '';
  outcome: TradeOutcome | undefined = undefined;
  tradeFeesUnknown = false;

  constructor() {
    this.cells[TRADE_NET] = Number.NaN;
    this.cells[TRADE_DURATION] = Number.NaN;
  }

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

  get notional(): number {
    return this.cells[NOTIONAL] as number;
  }

  get tradeNetPnl(): number {
    return this.cells[TRADE_NET] as number;
  }

  get tradeDurationMs(): number {
    return this.cells[TRADE_DURATION] as number;
  }
}
