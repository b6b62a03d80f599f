import {
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_PNL_REALIZED,
} from '@nanometer/semconv';

/** What a desk did, as one of the outputs ended with it. Amounts are by currency. */
export interface Totals {
  readonly fills: number;
  readonly filledQuantity: number;
  readonly fees: Readonly<Record<string, number>>;
  readonly realizedPnl: Readonly<Record<string, number>>;
}

// Every output carries exact doubles; only the order in which they are added differs.
const RELATIVE_TOLERANCE = 1e-9;

/** What differs between two totals, one line per number; empty when they agree. */
export function differences(expected: Totals, actual: Totals): string[] {
  return [
    ...compare('fills', expected.fills, actual.fills, 0),
    ...compare('filledQuantity', expected.filledQuantity, actual.filledQuantity),
    ...compareAmounts('fees', expected.fees, actual.fees),
    ...compareAmounts('realizedPnl', expected.realizedPnl, actual.realizedPnl),
  ];
}

function compareAmounts(
  what: string,
  expected: Readonly<Record<string, number>>,
  actual: Readonly<Record<string, number>>,
): string[] {
  const currencies = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].toSorted();
  return currencies.flatMap((currency) =>
    compare(`${what} ${currency}`, expected[currency] ?? 0, actual[currency] ?? 0),
  );
}

function compare(what: string, expected: number, actual: number, tolerance = RELATIVE_TOLERANCE): string[] {
  // Amounts close to zero are compared as if they were 1: their error comes from the larger ones they are made of.
  const allowed = tolerance * Math.max(1, Math.abs(expected), Math.abs(actual));
  // An infinite total would allow anything.
  return Number.isFinite(allowed) && Math.abs(expected - actual) <= allowed
    ? []
    : [`${what}: expected ${expected}, found ${actual}`];
}

/** Adds up samples of (metric, currency, value); metrics that are not part of the totals are passed over. */
export class TotalsSum {
  #fills = 0;
  #filledQuantity = 0;
  readonly #fees: Record<string, number> = {};
  readonly #realizedPnl: Record<string, number> = {};

  add(metric: string, currency: string, value: number): void {
    switch (metric) {
      case METRIC_TRADING_FILL_COUNT.name:
        this.#fills += value;
        break;
      case METRIC_TRADING_FILL_QUANTITY.name:
        this.#filledQuantity += value;
        break;
      case METRIC_TRADING_FEE.name:
        this.#fees[currency] = (this.#fees[currency] ?? 0) + value;
        break;
      case METRIC_TRADING_PNL_REALIZED.name:
        this.#realizedPnl[currency] = (this.#realizedPnl[currency] ?? 0) + value;
        break;
      default:
    }
  }

  get totals(): Totals {
    return {
      fills: this.#fills,
      filledQuantity: this.#filledQuantity,
      fees: this.#fees,
      realizedPnl: this.#realizedPnl,
    };
  }
}

/** The metrics that totals are made of. */
export const TOTAL_METRICS = [
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
] as const;
