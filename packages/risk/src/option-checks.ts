import { RiskOptionError } from './risk-option-error.ts';

/** The value if it is a whole number of at least `least`; throws a {@link RiskOptionError} otherwise. */
export function atLeast(least: number, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RiskOptionError(`${name} is ${String(value)}; it must be a whole number of at least ${least}`);
}

/** The value if it is a whole number from `least` to `most`; throws a {@link RiskOptionError} otherwise. */
export function within(least: number, most: number, name: string, value: number): number {
  if (atLeast(least, name, value) <= most) return value;
  throw new RiskOptionError(`${name} is ${value}; it must be ${most} at most`);
}

/** The same where another option, `mostName`, says what is the most. */
export function withinOption(least: number, most: number, name: string, value: number, mostName: string): number {
  if (atLeast(least, name, value) <= most) return value;
  throw new RiskOptionError(`${name} is ${value}; it must be ${most} at most, or ${mostName} be raised`);
}

/** The value if it lies between two others, both excluded; throws a {@link RiskOptionError} otherwise. */
export function between(low: number, high: number, name: string, value: number): number {
  if (value > low && value < high) return value;
  throw new RiskOptionError(`${name} is ${String(value)}; it must lie between ${low} and ${high}`);
}
