import { currencyDecimals, formatAmount, formatNumber, formatSigned } from '../format.ts';
import { type Amount, amountText } from './amounts.ts';
import type { TileContent } from './tile.ts';

/** Of a tile for which nothing was ever received. */
export function nothing(): TileContent {
  return { value: '', freshness: { state: 'none', ageMs: 0 } };
}

/** A counter does not exist before its first increment: 0 where a witness proves that it could have been counted. */
export function zeroIf(value: number, witness: number): number {
  return Number.isNaN(value) && !Number.isNaN(witness) ? 0 : value;
}

/** The first amount large, those of other currencies below it. */
export function amountContent(
  first: Amount,
  others: readonly Amount[],
  signed: boolean,
): Omit<TileContent, 'freshness'> {
  return {
    value: formatAmount(first.value, first.currency, signed),
    unit: first.currency,
    details: others.map((other) => amountText(other, signed)),
  };
}

/** Exposures and losses are large and move by whole units, where hundredths would only take room; small ones have them. */
export function formatWhole({ value, currency }: Amount, signed: boolean): string {
  if (currencyDecimals(currency) > 2 || Math.abs(value) < 100 || Math.abs(value) >= 1e9)
    return formatAmount(value, currency, signed);
  return signed ? formatSigned(value, 0) : formatNumber(value, 0);
}
