import { addToSum, sumAt, takeFromSum } from '../number/cell-table.ts';

// Cells of the statistics: two compensated sums, then Welford's running mean and sum of squared deviations.
const GAINS = 0;
const LOSSES = 2;
const MEAN = 4;
const SQUARES = 5;

/** Outcome of a closed trade after fees. */
export type TradeOutcome = 'win' | 'loss' | 'breakeven';

/**
 * Counts and sums over closed trades. Ratios that have no value (no trades, no losses, no variance) are `undefined`,
 * never a stand-in number.
 */
export class TradeStatistics {
  #wins = 0;
  #losses = 0;
  #breakevens = 0;
  readonly #cells = new Float64Array(6);
  #input: Float64Array | undefined = undefined;

  /**
   * Adds the net result of one trade. `noise` is the size below which the result counts as breakeven (default 0).
   * A result that is not finite is ignored. Returns the outcome.
   */
  add(net: number, noise = 0): TradeOutcome | undefined {
    this.#input ??= new Float64Array(2);
    this.#input[0] = net;
    this.#input[1] = noise;
    return this.addFrom(this.#input, 0);
  }

  /** {@link add} with result and noise next to each other in an array, which never allocates. */
  addFrom(values: Float64Array, from: number): TradeOutcome | undefined {
    const net = values[from] as number;
    const noise = values[from + 1] as number;
    if (!Number.isFinite(net)) return undefined;
    const cells = this.#cells;
    let outcome: TradeOutcome = 'breakeven';
    if (net > noise) {
      outcome = 'win';
      this.#wins++;
      addToSum(cells, GAINS, values, from);
    } else if (net < -noise) {
      outcome = 'loss';
      this.#losses++;
      takeFromSum(cells, LOSSES, values, from);
    } else this.#breakevens++;
    const deviation = net - (cells[MEAN] as number);
    cells[MEAN] = (cells[MEAN] as number) + deviation / this.count;
    cells[SQUARES] = (cells[SQUARES] as number) + deviation * (net - (cells[MEAN] as number));
    return outcome;
  }

  get count(): number {
    return this.#wins + this.#losses + this.#breakevens;
  }

  get wins(): number {
    return this.#wins;
  }

  get losses(): number {
    return this.#losses;
  }

  get breakevens(): number {
    return this.#breakevens;
  }

  /** Sum of the winning trades' results. */
  get grossProfit(): number {
    return sumAt(this.#cells, GAINS);
  }

  /** Sum of the losing trades' results as a positive number. */
  get grossLoss(): number {
    return sumAt(this.#cells, LOSSES);
  }

  /** wins / (wins + losses); breakeven trades are counted apart. */
  get winRate(): number | undefined {
    const decided = this.#wins + this.#losses;
    return decided === 0 ? undefined : this.#wins / decided;
  }

  /** Sum of gains / sum of losses; undefined while there is no loss. */
  get profitFactor(): number | undefined {
    return this.#losses === 0 ? undefined : this.grossProfit / this.grossLoss;
  }

  /** Mean net result per trade, breakeven trades included. */
  get expectancy(): number | undefined {
    return this.count === 0 ? undefined : (this.grossProfit - this.grossLoss) / this.count;
  }

  /** Expectancy in units of the mean loss, (1 + payoff) × win rate - 1; undefined while there is no loss. */
  get expectancyRatio(): number | undefined {
    const rate = this.winRate;
    if (rate === undefined || this.#losses === 0) return undefined;
    return (1 + (this.payoff ?? 0)) * rate - 1;
  }

  /** Mean win / mean loss; undefined unless there is one of each. */
  get payoff(): number | undefined {
    if (this.#wins === 0 || this.#losses === 0) return undefined;
    return this.grossProfit / this.#wins / (this.grossLoss / this.#losses);
  }

  /** System quality number, sqrt(n) × mean / sample standard deviation; undefined below two trades or without variance. */
  get systemQuality(): number | undefined {
    const count = this.count;
    const squares = this.#cells[SQUARES] as number;
    if (count < 2 || squares === 0) return undefined;
    return (Math.sqrt(count) * (this.#cells[MEAN] as number)) / Math.sqrt(squares / (count - 1));
  }
}
