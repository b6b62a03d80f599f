import { MetricsError } from '../errors.ts';

/**
 * 1-based position, in ascending order, of the measurement that is the `q` quantile of `count`: the smallest that has
 * at least `q × count` at or below it (nearest rank). `count` is ≥ 1.
 *
 * The product is taken down by its own rounding error: 0.07 × 100 is 7.000000000000001 in doubles, and means 7.
 */
export function rankOf(q: number, count: number): number {
  const position = q * count;
  return Math.max(1, Math.ceil(position - position * Number.EPSILON));
}

/** Throws `MetricsError` unless `q` is from 0 to 1; NaN passes, and has no quantile. */
export function checkQuantile(q: number): void {
  if (q < 0 || q > 1) {
    throw new MetricsError('invalid_option', `quantile: q is ${q}, which is not from 0 to 1 (p99 is 0.99)`);
  }
}
