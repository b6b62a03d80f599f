import type { TradeOutcome } from './trade-statistics.ts';

/** Trades that one fill closed, oldest first. Every getter gives NaN or `undefined` for a trade that is not there. */
export interface ClosedTradeList {
  readonly count: number;
  outcome(at: number): TradeOutcome | undefined;
  /** After fees, funding and borrow, in the settlement currency. */
  netPnl(at: number): number;
  /** From opening to closing fill; NaN when the times go backwards. */
  durationMs(at: number): number;
  /** Largest unrealized loss while the trade was open, as a positive loss; NaN unless trades go flat to flat. */
  adverseExcursion(at: number): number;
  /** Largest unrealized gain while the trade was open; NaN unless trades go flat to flat. */
  favorableExcursion(at: number): number;
  /** Largest cost of the trade while it was open, positive, in the settlement currency. */
  entryCost(at: number): number;
}

const NET = 0;
const DURATION = 1;
const ADVERSE = 2;
const FAVORABLE = 3;
const ENTRY_COST = 4;
const OUTCOME = 5;
const STRIDE = 6;

const OUTCOMES: readonly TradeOutcome[] = ['win', 'loss', 'breakeven'];

/** A reused list: it grows to the most trades that one fill ever closed and allocates nothing after that. */
export class ClosedTrades implements ClosedTradeList {
  #cells = new Float64Array(STRIDE);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Adds a trade whose net result and duration are in `values[from]` and `values[from + 2]`. */
  push(values: Float64Array, from: number, outcome: TradeOutcome): void {
    const at = this.#count++ * STRIDE;
    if (at + STRIDE > this.#cells.length) this.#grow();
    const cells = this.#cells;
    cells[at + NET] = values[from] as number;
    cells[at + DURATION] = values[from + 2] as number;
    cells[at + ADVERSE] = Number.NaN;
    cells[at + FAVORABLE] = Number.NaN;
    cells[at + ENTRY_COST] = Number.NaN;
    cells[at + OUTCOME] = outcome === 'win' ? 0 : outcome === 'loss' ? 1 : 2;
  }

  /** Adds what is known of a whole trade to the one pushed last: excursions and largest cost, as they lie in a position. */
  describe(position: Float64Array, adverse: number, favorable: number, cost: number): void {
    const at = (this.#count - 1) * STRIDE;
    const cells = this.#cells;
    // 0 -: a loss is exported positive, and none as 0, not -0.
    cells[at + ADVERSE] = 0 - (position[adverse] as number);
    cells[at + FAVORABLE] = position[favorable] as number;
    cells[at + ENTRY_COST] = position[cost] as number;
  }

  outcome(at: number): TradeOutcome | undefined {
    return this.#has(at) ? OUTCOMES[this.#cells[at * STRIDE + OUTCOME] as number] : undefined;
  }

  netPnl(at: number): number {
    return this.#has(at) ? (this.#cells[at * STRIDE + NET] as number) : Number.NaN;
  }

  durationMs(at: number): number {
    return this.#has(at) ? (this.#cells[at * STRIDE + DURATION] as number) : Number.NaN;
  }

  adverseExcursion(at: number): number {
    return this.#has(at) ? (this.#cells[at * STRIDE + ADVERSE] as number) : Number.NaN;
  }

  favorableExcursion(at: number): number {
    return this.#has(at) ? (this.#cells[at * STRIDE + FAVORABLE] as number) : Number.NaN;
  }

  entryCost(at: number): number {
    return this.#has(at) ? (this.#cells[at * STRIDE + ENTRY_COST] as number) : Number.NaN;
  }

  #has(at: number): boolean {
    return at >= 0 && at < this.#count;
  }

  #grow(): void {
    const grown = new Float64Array(this.#cells.length * 2);
    grown.set(this.#cells);
    this.#cells = grown;
  }
}
