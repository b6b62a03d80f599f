import { NeumaierSum } from '../number/neumaier-sum.ts';
import type { CurrencyAccount, CurrencyTotals } from './currency-account.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PositionState } from './position-state.ts';

/** Money per currency: a new snapshot, linear in the number of positions. */
export function totalsOf(state: LedgerState): ReadonlyMap<string, CurrencyTotals> {
  return new Map(state.accounts.map((account) => [account.currency, accountTotals(state, account)]));
}

/**
 * Largest deviation over all currencies, relative to turnover, of two identities before costs: cash + cost of the open
 * positions = realized P&L, and realized P&L = that of the positions.
 */
export function identityErrorOf(state: LedgerState): number {
  let worst = 0;
  for (const account of state.accounts) {
    const turnover = account.turnover.value;
    if (turnover === 0) continue;
    const realized = account.realized.value;
    const cash = account.cash.value + sumOf(state, account, (position) => position.cost) - realized;
    const positions = sumOf(state, account, (position) => position.realizedPnl) - realized;
    worst = Math.max(worst, Math.abs(cash) / turnover, Math.abs(positions) / turnover);
  }
  return worst;
}

function accountTotals(state: LedgerState, account: CurrencyAccount): CurrencyTotals {
  let unmarkedPositions = 0;
  const unrealizedPnl = sumOf(state, account, (position) => {
    if (position.unrealizedPnl === undefined && position.quantity !== 0) unmarkedPositions++;
    return position.unrealizedPnl ?? 0;
  });
  const realizedPnl = account.realized.value;
  const feeCost = account.feeCost.value;
  const funding = account.funding.value;
  const borrow = account.borrow.value;
  const costs = feeCost + funding + borrow;
  return {
    currency: account.currency,
    realizedPnl,
    unrealizedPnl,
    unmarkedPositions,
    fees: account.fees.value,
    feeCost,
    funding,
    borrow,
    cash: account.cash.value - costs,
    netPnl: realizedPnl + unrealizedPnl - costs,
  };
}

function sumOf(state: LedgerState, account: CurrencyAccount, amount: (position: PositionState) => number): number {
  const sum = new NeumaierSum();
  for (const position of state.positions) if (position.book.account === account) sum.add(amount(position));
  return sum.value;
}
