import {
  ATTR_TRADING_CURRENCY,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_PNL_REALIZED,
} from '@nanometer/semconv';

/** Amounts by currency. Amounts of different currencies are never added. */
export type Amounts = Readonly<Record<string, number>>;

/** What the desk did, as its ledger knows it and as each output ended with. */
export interface Totals {
  readonly fills: number;
  readonly filledQuantity: number;
  /** Cost positive, rebates negative. */
  readonly fees: Amounts;
  /** Before fees, gain positive. */
  readonly realizedPnl: Amounts;
}

/** One sample of an output: the metric's OpenTelemetry name, a value, and the currency where the metric has one. */
export interface Sample {
  readonly metric: string;
  readonly currency: string | undefined;
  readonly value: number;
}

/** The metrics totals are made of. */
export const TOTAL_METRICS: readonly string[] = [
  METRIC_TRADING_FILL_COUNT.name,
  METRIC_TRADING_FILL_QUANTITY.name,
  METRIC_TRADING_FEE.name,
  METRIC_TRADING_PNL_REALIZED.name,
];

export { ATTR_TRADING_CURRENCY as CURRENCY_ATTRIBUTE };

/** Resource attribute that tells one desk from another on the same bridge. */
export const INSTANCE_ATTRIBUTE = 'service.instance.id';

/** The desk of `nanometer demo`. */
export const DESK_INSTANCE = 'desk-1';

/** Adds an output's samples up to totals. */
export function sumTotals(samples: Iterable<Sample>): Totals {
  let fills = 0;
  let filledQuantity = 0;
  const fees: Record<string, number> = {};
  const realizedPnl: Record<string, number> = {};
  for (const { metric, currency = '', value } of samples) {
    switch (metric) {
      case METRIC_TRADING_FILL_COUNT.name:
        fills += value;
        break;
      case METRIC_TRADING_FILL_QUANTITY.name:
        filledQuantity += value;
        break;
      case METRIC_TRADING_FEE.name:
        fees[currency] = (fees[currency] ?? 0) + value;
        break;
      case METRIC_TRADING_PNL_REALIZED.name:
        realizedPnl[currency] = (realizedPnl[currency] ?? 0) + value;
        break;
      default:
    }
  }
  return { fills, filledQuantity, fees, realizedPnl };
}

// Each output carries exact doubles; only the order of additions differs between them. A count must be exact.
const RELATIVE_TOLERANCE = 1e-9;

/** Whether two totals agree: counts exactly, amounts to 1e-9 of the larger one (or of 1 for amounts near zero). */
export function totalsEqual(left: Totals, right: Totals): boolean {
  return (
    left.fills === right.fills &&
    close(left.filledQuantity, right.filledQuantity) &&
    amountsEqual(left.fees, right.fees) &&
    amountsEqual(left.realizedPnl, right.realizedPnl)
  );
}

function amountsEqual(left: Amounts, right: Amounts): boolean {
  const currencies = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...currencies].every((currency) => close(left[currency] ?? 0, right[currency] ?? 0));
}

function close(left: number, right: number): boolean {
  // The difference is finite or the amounts are not: infinity <= infinity would call any two outputs equal.
  const difference = Math.abs(left - right);
  return Number.isFinite(difference) && difference <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(left), Math.abs(right));
}
