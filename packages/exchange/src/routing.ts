/** By what routing is shared. */
export type RoutingBasis = 'orders' | 'quantity' | 'notional';

export const ROUTING_BASES: readonly RoutingBasis[] = ['orders', 'quantity', 'notional'];

/** What one exchange was sent, and what became of it. Sums since the start. */
export class Routed {
  orders = 0;
  quantity = 0;
  notional = 0;
  rejects = 0;
  spreadWeight = 0;
  weightedSpreadBps = 0;

  /** Rejected orders over sent ones; undefined before the first order. */
  get rejectShare(): number | undefined {
    return this.orders === 0 ? undefined : this.rejects / this.orders;
  }

  /** Mean effective spread of the fills, weighted by notional, in basis points; undefined before the first. */
  get effectiveSpreadBps(): number | undefined {
    return this.spreadWeight > 0 ? this.weightedSpreadBps / this.spreadWeight : undefined;
  }
}

/** An exchange's share of what all were sent; undefined while that is nothing. */
export function shareOf(routed: Routed, all: Iterable<Routed>, basis: RoutingBasis): number | undefined {
  let total = 0;
  for (const each of all) total += each[basis];
  return total > 0 ? routed[basis] / total : undefined;
}

/** Herfindahl-Hirschman index: Σ share², 1/n for n equal shares to 1 for one; undefined while nothing was sent. */
export function concentrationOf(all: Iterable<Routed>, basis: RoutingBasis): number | undefined {
  let total = 0;
  let squares = 0;
  for (const each of all) {
    total += each[basis];
    squares += each[basis] ** 2;
  }
  return total > 0 ? squares / total ** 2 : undefined;
}
