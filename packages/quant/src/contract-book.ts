import type { Contract } from './contract.ts';
import type { CurrencyAccount } from './currency-account.ts';
import type { PositionState } from './position.ts';

/** A contract with its latest mark and all positions in it. */
export class ContractBook {
  readonly contract: Contract;
  /** Where P&L in the settlement currency is summed. */
  readonly account: CurrencyAccount;
  readonly spot: boolean;
  readonly positions: PositionState[] = [];
  readonly #byStrategy = new Map<string, Map<string, PositionState>>();
  markPrice: number | undefined = undefined;
  markTimeMs: number = Number.NEGATIVE_INFINITY;

  constructor(contract: Contract, account: CurrencyAccount, spot: boolean) {
    this.contract = contract;
    this.account = account;
    this.spot = spot;
  }

  find(strategy: string, account: string): PositionState | undefined {
    return this.#byStrategy.get(strategy)?.get(account);
  }

  add(position: PositionState): void {
    this.positions.push(position);
    const byAccount = this.#byStrategy.get(position.strategy);
    if (byAccount === undefined) this.#byStrategy.set(position.strategy, new Map([[position.account, position]]));
    else byAccount.set(position.account, position);
  }
}
