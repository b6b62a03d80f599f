/**
 * Prices and quantities outside this range are refused. It is far wider than any market, and it keeps every product
 * of a price, a quantity and a multiplier, and every sum of such products, finite: no check for overflow is needed
 * after the first.
 */
export const SMALLEST_AMOUNT = 1e-100;
/** See {@link SMALLEST_AMOUNT}. */
export const LARGEST_AMOUNT = 1e100;

/** True for a number from 1e-100 to 1e100; false for NaN, ±Infinity, zeros, negatives and everything not a number. */
export function isPositiveAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= SMALLEST_AMOUNT && value <= LARGEST_AMOUNT;
}

/** True for a number from -1e100 to 1e100, zero included; false for NaN, ±Infinity and everything not a number. */
export function isSignedAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= -LARGEST_AMOUNT && value <= LARGEST_AMOUNT;
}

/** True for a non-empty string. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
