import { addToSum, sumAt, takeFromSum } from '../number/cell-table.ts';
import { STATISTICS_CELLS } from './position-cells.ts';

// Cells of the statistics: two compensated sums, Welford's running mean and sum of squared deviations, counts.
const GAINS = 0;
const LOSSES = 2;
const MEAN = 4;
const SQUARES = 5;
const WINS = 6;
const LOSS_COUNT = 7;
const BREAKEVENS = 8;

/** Outcome of a closed trade after fees. */
export type TradeOutcome = 'win' | 'loss' | 'breakeven';

/**
 * Adds the net result in `values[from]` to the statistics at `cells[at]`; results up to `values[from + 1]` are
 * breakeven. A result that is not finite is left out and has no outcome.
 */
export function addTrade(
  cells: Float64Array,
  at: number,
  values: Float64Array,
  from: number,
): TradeOutcome | undefined {
  const net = values[from] as number;
  const noise = values[from + 1] as number;
  if (!Number.isFinite(net)) return undefined;
  let outcome: TradeOutcome = 'breakeven';
  if (net > noise) {
    outcome = 'win';
    cells[at + WINS] = (cells[at + WINS] as number) + 1;
    addToSum(cells, at + GAINS, values, from);
  } else if (net < -noise) {
    outcome = 'loss';
    cells[at + LOSS_COUNT] = (cells[at + LOSS_COUNT] as number) + 1;
    takeFromSum(cells, at + LOSSES, values, from);
  } else cells[at + BREAKEVENS] = (cells[at + BREAKEVENS] as number) + 1;
  const deviation = net - (cells[at + MEAN] as number);
  cells[at + MEAN] = (cells[at + MEAN] as number) + deviation / countAt(cells, at);
  cells[at + SQUARES] = (cells[at + SQUARES] as number) + deviation * (net - (cells[at + MEAN] as number));
  return outcome;
}

/** What holds the cells: a `CellTable` replaces its array when it grows. */
interface CellHolder {
  readonly cells: Float64Array;
}

/**
 * Counts and sums over closed trades. Ratios that have no value (no trades, no losses, no variance) are `undefined`,
 * never a stand-in number.
 */
export class TradeStatistics {
  readonly #holder: CellHolder;
  readonly #at: number;
  #input: Float64Array | undefined = undefined;

  /** Own statistics, or a live view of those that a table holds at an offset. */
  constructor(holder: CellHolder = { cells: new Float64Array(STATISTICS_CELLS) }, at = 0) {
    this.#holder = holder;
    this.#at = at;
  }

  /**
   * Adds the net result of one trade. `noise` is the size up to which the result counts as breakeven (default 0).
   * A result that is not finite is ignored. Returns the outcome.
   */
  add(net: number, noise = 0): TradeOutcome | undefined {
    this.#input ??= new Float64Array(2);
    this.#input[0] = net;
    this.#input[1] = noise;
    return addTrade(this.#holder.cells, this.#at, this.#input, 0);
  }

  /** Adds all trades of another one, as if each had been added here (Chan's update of mean and squares). */
  merge(other: TradeStatistics): void {
    const cells = this.#holder.cells;
    const at = this.#at;
    const values = other.#holder.cells;
    const from = other.#at;
    const count = other.count;
    if (count === 0) return;
    const own = this.count;
    const gap = (values[from + MEAN] as number) - (cells[at + MEAN] as number);
    cells[at + MEAN] = (cells[at + MEAN] as number) + (gap * count) / (own + count);
    cells[at + SQUARES] =
      (cells[at + SQUARES] as number) + (values[from + SQUARES] as number) + (gap * gap * own * count) / (own + count);
    for (const sum of [GAINS, LOSSES]) {
      addToSum(cells, at + sum, values, from + sum);
      addToSum(cells, at + sum, values, from + sum + 1);
    }
    for (const counter of [WINS, LOSS_COUNT, BREAKEVENS]) {
      cells[at + counter] = (cells[at + counter] as number) + (values[from + counter] as number);
    }
  }

  /** All trades, breakeven ones included. */
  get count(): number {
    return countAt(this.#holder.cells, this.#at);
  }

  get wins(): number {
    return this.#cell(WINS);
  }

  get losses(): number {
    return this.#cell(LOSS_COUNT);
  }

  get breakevens(): number {
    return this.#cell(BREAKEVENS);
  }

  /** Sum of the winning trades' results. */
  get grossProfit(): number {
    return sumAt(this.#holder.cells, this.#at + GAINS);
  }

  /** Sum of the losing trades' results as a positive number. */
  get grossLoss(): number {
    return sumAt(this.#holder.cells, this.#at + LOSSES);
  }

  /** wins / (wins + losses); breakeven trades are counted apart. */
  get winRate(): number | undefined {
    const decided = this.wins + this.losses;
    return decided === 0 ? undefined : this.wins / decided;
  }

  /** Sum of gains / sum of losses; undefined while there is no loss. */
  get profitFactor(): number | undefined {
    return this.losses === 0 ? undefined : this.grossProfit / this.grossLoss;
  }

  /** Mean net result per trade, breakeven trades included. */
  get expectancy(): number | undefined {
    return this.count === 0 ? undefined : (this.grossProfit - this.grossLoss) / this.count;
  }

  /** Expectancy in units of the mean loss, (1 + payoff) × win rate - 1; undefined while there is no loss. */
  get expectancyRatio(): number | undefined {
    const rate = this.winRate;
    if (rate === undefined || this.losses === 0) return undefined;
    return (1 + (this.payoff ?? 0)) * rate - 1;
  }

  /** Mean win / mean loss; undefined unless there is one of each. */
  get payoff(): number | undefined {
    if (this.wins === 0 || this.losses === 0) return undefined;
    return this.grossProfit / this.wins / (this.grossLoss / this.losses);
  }

  /** System quality number, sqrt(n) × mean / sample standard deviation; undefined below two trades or without variance. */
  get systemQuality(): number | undefined {
    const count = this.count;
    const squares = this.#cell(SQUARES);
    if (count < 2 || !(squares > 0)) return undefined;
    return (Math.sqrt(count) * this.#cell(MEAN)) / Math.sqrt(squares / (count - 1));
  }

  #cell(index: number): number {
    return this.#holder.cells[this.#at + index] as number;
  }
}

function countAt(cells: Float64Array, at: number): number {
  return (cells[at + WINS] as number) + (cells[at + LOSS_COUNT] as number) + (cells[at + BREAKEVENS] as number);
}
