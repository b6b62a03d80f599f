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

/** Names become attributes and ids are kept: a longer one is data that was passed by mistake. */
const NAME_LENGTH_MAX = 255;

/** True for a text of 1 to 255 characters. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= NAME_LENGTH_MAX;
}
