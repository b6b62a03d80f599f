/** The returns that are finite numbers, in order. */
export function finiteReturns(returns: ArrayLike<number>): readonly number[] {
  return Array.from(returns).filter((value) => Number.isFinite(value));
}
