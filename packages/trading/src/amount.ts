import { LARGEST_AMOUNT, SMALLEST_AMOUNT } from '@nanometer/quant';

/** Whether a value can be a price or a quantity: a number from 1e-100 to 1e100. */
export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= SMALLEST_AMOUNT && value <= LARGEST_AMOUNT;
}
