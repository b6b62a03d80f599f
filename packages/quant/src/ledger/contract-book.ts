import type { Contract } from './contract.ts';
import type { CurrencyAccount } from './currency-account.ts';
import type { PositionState } from './position-state.ts';

/** Positions found by walking the list; the others are found by name. */
const SCAN_LIMIT = 4;

/** A contract with its latest mark and all positions in it. */
export class ContractBook {
  readonly contract: Contract;
  /** Where P&L in the settlement currency is summed. */
  readonly account: CurrencyAccount;
  readonly spot: boolean;
  readonly positions: PositionState[] = [];
  readonly #byStrategy = new Map<string, Map<string, PositionState>>();
  /** Latest mark, NaN before the first: a field that is always a double is stored in place. */
  mark: number = Number.NaN;
  markTimeMs: number = Number.NEGATIVE_INFINITY;

  constructor(contract: Contract, account: CurrencyAccount, spot: boolean) {
    this.contract = contract;
    this.account = account;
    this.spot = spot;
  }

  get hasMark(): boolean {
    return this.mark === this.mark;
  }

  find(strategy: string, account: string): PositionState | undefined {
    // A symbol is traded by few strategies: comparing interned strings beats hashing them.
    const positions = this.positions;
    const scanned = Math.min(positions.length, SCAN_LIMIT);
    for (let at = 0; at < scanned; at++) {
      const position = positions[at] as PositionState;
      if (position.strategy === strategy && position.account === account) return position;
    }
    return positions.length > SCAN_LIMIT ? this.#byStrategy.get(strategy)?.get(account) : undefined;
  }

  add(position: PositionState): void {
    this.positions.push(position);
    const byAccount = this.#byStrategy.get(position.strategy);
    if (byAccount === undefined) this.#byStrategy.set(position.strategy, new Map([[position.account, position]]));
    else byAccount.set(position.account, position);
  }
}
