import type { Mark } from '@nanometer/quant';

/** Returns kept beyond the scenarios, so that the filter's variance has a seed before the first of them. */
const SEED_COUNT = 250;

/** Prices and returns of one contract, period by period. */
export interface ContractHistory {
  readonly exchange: string;
  readonly symbol: string;
  /** Price at the end of the latest closed period, NaN before the first mark. */
  closePrice: number;
  lastPrice: number;
  /** Oldest first. */
  returns: number[];
  /** Periods at the end that returned 0. */
  flatCount: number;
}

/** Collects the period returns of every contract that is marked, filled forward: a period without marks returns 0. */
export class PeriodReturns {
  readonly #byExchange = new Map<string, Map<string, ContractHistory>>();
  readonly #histories: ContractHistory[] = [];
  readonly #lengthMost: number;

  constructor(scenarioCount: number) {
    this.#lengthMost = scenarioCount + SEED_COUNT;
  }

  get histories(): readonly ContractHistory[] {
    return this.#histories;
  }

  /** The history of a contract, made if it is new. */
  of(exchange: string, symbol: string): ContractHistory {
    let symbols = this.#byExchange.get(exchange);
    if (symbols === undefined) this.#byExchange.set(exchange, (symbols = new Map()));
    let history = symbols.get(symbol);
    if (history === undefined) {
      history = { exchange, symbol, closePrice: Number.NaN, lastPrice: Number.NaN, returns: [], flatCount: 0 };
      symbols.set(symbol, history);
      this.#histories.push(history);
    }
    return history;
  }

  mark({ exchange, symbol, price }: Mark): void {
    this.of(exchange, symbol).lastPrice = price;
  }

  /** Takes the past of a contract in place of what was collected. */
  define(exchange: string, symbol: string, returns: ArrayLike<number>): void {
    const history = this.of(exchange, symbol);
    history.returns = Array.from(returns).slice(-this.#lengthMost);
    history.flatCount = 0;
  }

  /** Takes back what {@link histories} told of a contract. */
  resume(exchange: string, symbol: string, closePrice: number, lastPrice: number, returns: number[]): void {
    const history = this.of(exchange, symbol);
    history.closePrice = closePrice;
    history.lastPrice = lastPrice;
    history.returns = returns;
    history.flatCount = 0;
  }

  /** Ends a period. A contract's first period has no return unless it has a past already. */
  close(): void {
    for (const history of this.#histories) {
      const { closePrice, lastPrice, returns } = history;
      const isPriced = closePrice > 0 && lastPrice > 0;
      const value = isPriced ? lastPrice / closePrice - 1 : 0;
      if (isPriced || returns.length > 0) returns.push(value);
      history.flatCount = value === 0 ? history.flatCount + 1 : 0;
      if (returns.length > this.#lengthMost) returns.shift();
      history.closePrice = lastPrice;
    }
  }
}
