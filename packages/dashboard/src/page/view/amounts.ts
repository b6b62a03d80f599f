import { formatAmount, shownSign } from '../format.ts';
import type { Measure } from '../store/measure.ts';

/** An amount with its currency: amounts of different currencies stand beside each other and are never added. */
export interface Amount {
  readonly currency: string;
  readonly value: number;
}

/**
 * Amounts of a measure whose cells are keyed by currency last, for the given leading key;
 * largest books first, so that the first is the one to show large.
 */
export function amountsOf(measure: Measure, ...leading: string[]): readonly Amount[] {
  return amountsFrom(measure, (key) => leading.every((part, index) => key[index] === part), -1);
}

/** Amounts of a measure whose cells are keyed by currency first, for the given rest of the key. */
export function amountsByCurrencyFirst(measure: Measure, ...rest: string[]): readonly Amount[] {
  return amountsFrom(measure, (key) => rest.every((part, index) => key[index + 1] === part), 0);
}

function amountsFrom(
  measure: Measure,
  matches: (key: readonly string[]) => boolean,
  currencyAt: number,
): readonly Amount[] {
  const found: { amount: Amount; members: number }[] = [];
  for (const cell of measure.cells()) {
    const currency = cell.key.at(currencyAt);
    if (currency === undefined || Number.isNaN(cell.value) || !matches(cell.key)) continue;
    found.push({ amount: { currency, value: cell.value }, members: cell.members.length });
  }
  return found.sort((a, b) => b.members - a.members).map(({ amount }) => amount);
}

/** Tone of a signed amount: blue gains, orange losses, nothing for what reads as zero. */
export function toneOf({ value, currency }: Amount): 'gain' | 'loss' | '' {
  const sign = shownSign(value, currency);
  return sign > 0 ? 'gain' : sign < 0 ? 'loss' : '';
}

/** An arrow beside the sign, so that the direction does not hang on colour or a thin stroke. */
export function arrowOf({ value, currency }: Amount): string {
  const sign = shownSign(value, currency);
  return sign > 0 ? '▲' : sign < 0 ? '▼' : '';
}

/** `+1,234.50 USDT`. */
export function amountText({ currency, value }: Amount, signed: boolean): string {
  return `${formatAmount(value, currency, signed)} ${currency}`;
}

/** Several amounts in one cell of a table, one per line. */
export function amountsText(amounts: readonly Amount[], signed: boolean): string {
  return amounts.map((amount) => amountText(amount, signed)).join('\n');
}
