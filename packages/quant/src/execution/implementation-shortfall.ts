import type { Direction } from './fill-spread.ts';

/** One order, decided, sent and done. Prices in the quote currency, quantities in units of the instrument. */
export interface OrderExecution {
  readonly direction: Direction;
  /** Quantity that was decided on, above 0. */
  readonly quantity: number;
  readonly fills: readonly { readonly quantity: number; readonly price: number }[];
  /** Price when it was decided, when the order arrived at the market, and when trying ended. */
  readonly decisionPrice: number;
  readonly arrivalPrice: number;
  readonly endPrice: number;
  /** In the quote currency; a cost is positive. */
  readonly fees: number;
}

/** Cost of an order against the decision price, in the quote currency; costs are positive. */
export interface Shortfall {
  /** Filled quantity against the decision price, the rest against the end price, and fees (Perold 1988). */
  readonly total: number;
  /** The market's move between decision and arrival, on the whole quantity. */
  readonly delay: number;
  /** Fills against the arrival price. */
  readonly trading: number;
  /** What was not filled, against the arrival price at the end. */
  readonly opportunity: number;
  readonly fees: number;
}

/**
 * Implementation shortfall and its parts: total = delay + trading + opportunity + fees (Wagner; Kissell). Undefined when
 * a price is not positive, a quantity negative or more was filled than decided.
 */
export function implementationShortfall(order: OrderExecution): Shortfall | undefined {
  const { direction, quantity, fills, decisionPrice, arrivalPrice, endPrice, fees } = order;
  const prices = [decisionPrice, arrivalPrice, endPrice, ...fills.map(({ price }) => price)];
  const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
  const isSound =
    prices.every((price) => price > 0 && price < Infinity) &&
    fills.every((fill) => fill.quantity >= 0) &&
    quantity > 0 &&
    filled <= quantity * (1 + 1e-12) &&
    Number.isFinite(fees);
  if (!isSound) return undefined;
  const against = (benchmark: number): number =>
    fills.reduce((sum, fill) => sum + fill.quantity * (fill.price - benchmark), 0);
  const open = Math.max(0, quantity - filled);
  return {
    total: direction * (against(decisionPrice) + open * (endPrice - decisionPrice)) + fees,
    delay: direction * quantity * (arrivalPrice - decisionPrice),
    trading: direction * against(arrivalPrice),
    opportunity: direction * open * (endPrice - arrivalPrice),
    fees,
  };
}
