/**
 * Layout of one position's doubles in a `CellTable`. Sums take two cells (see `addToSum`); the ones that every fill
 * touches come first. All of it is copied as one block when a position is rebuilt or written to a snapshot.
 */
export const QUANTITY = 0;
export const REALIZED_SUM = 2;
/** Fees in the settlement currency. */
export const FEE_SUM = 4;
/** Unit value of the open quantity: its average at average cost, the mean of the open lots otherwise. */
export const AVERAGE = 6;
export const LAST_FILL_PRICE = 7;
export const OPEN_TIME_MS = 8;
// Of the trade that is open now; its costs are NaN once one of them could not be converted.
export const TRADE_REALIZED = 9;
export const TRADE_COSTS = 10;
/** Largest size of the open trade, and its largest cost. */
export const TRADE_PEAK = 11;
export const TRADE_PEAK_COST = 12;
/** Smallest and largest unrealized P&L of the open trade. */
export const ADVERSE = 13;
export const FAVORABLE = 14;
/** Time up to which the open cost is in {@link TRADE_HELD}, cost × seconds. */
export const HELD_UNTIL_MS = 15;
export const TRADE_HELD = 16;
/** Cost of what the open trade has closed. */
export const TRADE_CLOSED = 17;
/** The same two over all closed trades. */
export const HELD = 18;
export const CLOSED = 19;
export const FILL_COUNT = 20;
/** Costs left out for want of a rate. */
export const UNCONVERTED = 21;
/** Fees in third currencies, converted at the rate of their moment. */
export const CONVERTED_FEE_SUM = 22;
export const FUNDING_SUM = 24;
export const BORROW_SUM = 26;
/** First and last lot as index + 1, 0 for none, and their number. */
export const LOT_OLDEST = 28;
export const LOT_NEWEST = 29;
export const LOT_COUNT = 30;
/** Cost of the open lots. */
export const LOT_COST = 31;
export const STATISTICS = 33;
/** Cells of `TradeStatistics`. */
export const STATISTICS_CELLS = 9;
/** Cells per position. */
export const POSITION_STRIDE: number = STATISTICS + STATISTICS_CELLS;

/**
 * A remainder below this share of the largest size of the trade is rounding, not a position: 0.1 + 0.2 - 0.3 must be
 * flat. One satoshi left of 10,000 bitcoin is still a position.
 */
export const DUST = 1e-12;
