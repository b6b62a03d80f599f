import { NeumaierSum } from '../number/neumaier-sum.ts';

/** A bill, divided. */
export interface CostAllocation {
  /** In the order of the usages. */
  readonly shares: readonly number[];
  /** What nobody used, and the rounding: the shares and this add up to the bill. */
  readonly unallocated: number;
}

/**
 * Divides a bill by what each party used of a driver such as CPU milliseconds, messages or orders (activity-based
 * costing). With a `capacity` each pays for the share of it that it used, and what nobody used stays unallocated, so
 * that idle machines are not charged to whoever happens to run; without one, or when more than it was used, the bill is
 * divided by use alone. Usages that are not positive and finite pay nothing. A bill that is not finite is undefined.
 */
export function allocateCost(bill: number, usages: readonly number[], capacity?: number): CostAllocation | undefined {
  if (!Number.isFinite(bill)) return undefined;
  const used = usages.map((usage) => (usage > 0 && usage < Infinity ? usage : 0));
  // By the largest, so that the sum of huge usages stays finite.
  const largest = used.reduce((most, usage) => Math.max(most, usage), 0);
  if (largest === 0) return { shares: used, unallocated: bill };
  const total = new NeumaierSum();
  for (const usage of used) total.add(usage / largest);
  const whole = Math.max(total.value, capacity !== undefined && capacity > 0 ? capacity / largest : 0);
  const shares = used.map((usage) => (whole === Infinity ? 0 : bill * (usage / largest / whole)));
  const allocated = new NeumaierSum();
  for (const share of shares) allocated.add(share);
  return { shares, unallocated: bill - allocated.value };
}
