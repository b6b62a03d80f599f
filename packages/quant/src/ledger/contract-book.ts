import type { Contract } from './contract.ts';
import type { CurrencyAccount } from './currency-account.ts';
import type { PositionState } from './position-state.ts';

/** Positions found by walking the list; the others are found by name. */
const SCAN_LIMIT = 4;

/** Where the price comes from at which positions are valued, best first. */
export type MarkSource = 'mark' | 'touch' | 'trade';

/** The latest price of one kind. A touch has a bid and an ask, the others one price in both. */
export class MarkPrice {
  readonly source: MarkSource;
  // Doubles from the start: a field that is always a double is stored in place.
  bid: number = Number.NaN;
  ask: number = Number.NaN;
  timeMs: number = Number.NEGATIVE_INFINITY;

  constructor(source: MarkSource) {
    this.source = source;
  }
}

/** A contract with its latest prices and all positions in it. */
export class ContractBook {
  readonly contract: Contract;
  /** Where P&L in the settlement currency is summed. */
  readonly account: CurrencyAccount;
  readonly spot: boolean;
  readonly positions: PositionState[] = [];
  readonly #byStrategy = new Map<string, Map<string, PositionState>>();
  readonly markPrice: MarkPrice = new MarkPrice('mark');
  readonly touch: MarkPrice = new MarkPrice('touch');
  readonly lastTrade: MarkPrice = new MarkPrice('trade');
  readonly #ageLimitMs: number;
  /** The price in use; undefined before the first of any kind. */
  #mark: MarkPrice | undefined = undefined;

  constructor(contract: Contract, account: CurrencyAccount, spot: boolean, markAgeLimitMs: number) {
    this.contract = contract;
    this.account = account;
    this.spot = spot;
    this.#ageLimitMs = markAgeLimitMs;
  }

  get mark(): MarkPrice | undefined {
    return this.#mark;
  }

  get hasMark(): boolean {
    return this.#mark !== undefined;
  }

  /** What a position of this sign is worth per unit: a long one could be sold at the bid, a short one bought at the ask. */
  priceFor(quantity: number): number {
    const mark = this.#mark;
    return mark === undefined ? Number.NaN : quantity < 0 ? mark.ask : mark.bid;
  }

  /** Chooses the price in use after `changed` was written; returns whether positions have to be valued again. */
  choose(changed: MarkPrice): boolean {
    const before = this.#mark;
    // The best kind is in use already and nothing is passed over: the common case.
    if (changed === this.markPrice && before === changed) return true;
    this.#mark = this.#best();
    return this.#mark === changed || this.#mark !== before;
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

  // mark price > touch > last trade, where one that is too old beside the latest price of any kind is passed over.
  #best(): MarkPrice | undefined {
    const { markPrice, touch, lastTrade } = this;
    const oldestMs = Math.max(markPrice.timeMs, touch.timeMs, lastTrade.timeMs) - this.#ageLimitMs;
    if (markPrice.bid === markPrice.bid && markPrice.timeMs >= oldestMs) return markPrice;
    if (touch.bid === touch.bid && touch.timeMs >= oldestMs) return touch;
    if (lastTrade.bid === lastTrade.bid && lastTrade.timeMs >= oldestMs) return lastTrade;
    return undefined;
  }
}
