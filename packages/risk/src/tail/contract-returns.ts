import { RiskOptionError } from '../risk-option-error.ts';

/** Past returns of a contract, oldest first, as fractions; all contracts must have them for the same periods. */
export interface ContractReturns {
  readonly exchange: string;
  readonly symbol: string;
  readonly returns: ArrayLike<number>;
}

/** Throws a {@link RiskOptionError} when there are fewer than `least` returns, or one is no finite number. */
export function checkReturns({ exchange, symbol, returns }: ContractReturns, least: number): void {
  const place = `returns of ${symbol} on ${exchange}`;
  if (returns.length < least) {
    throw new RiskOptionError(`${place}: ${returns.length} periods; scenarioCount needs ${least}`);
  }
  const wrong = Array.from(returns).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RiskOptionError(`${place}: period ${wrong} is ${String(returns[wrong])}; it must be a finite number`);
  }
}
