import { NeumaierSum } from './neumaier-sum.ts';

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
  readonly #gains = new NeumaierSum();
  readonly #lossSum = new NeumaierSum();
  // Welford's running mean and sum of squared deviations.
  #mean = 0;
  #squares = 0;

  /**
   * Adds the net result of one trade. `noise` is the size below which the result counts as breakeven (default 0).
   * A result that is not finite is ignored. Returns the outcome.
   */
  add(net: number, noise = 0): TradeOutcome | undefined {
    if (!Number.isFinite(net)) return undefined;
    let outcome: TradeOutcome = 'breakeven';
    if (net > noise) {
      outcome = 'win';
      this.#wins++;
      this.#gains.add(net);
    } else if (net < -noise) {
      outcome = 'loss';
      this.#losses++;
      this.#lossSum.add(-net);
    } else this.#breakevens++;
    const deviation = net - this.#mean;
    this.#mean += deviation / this.count;
    this.#squares += deviation * (net - this.#mean);
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
    return this.#gains.value;
  }

  /** Sum of the losing trades' results as a positive number. */
  get grossLoss(): number {
    return this.#lossSum.value;
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
    if (count < 2 || this.#squares === 0) return undefined;
    return (Math.sqrt(count) * this.#mean) / Math.sqrt(this.#squares / (count - 1));
  }
}
