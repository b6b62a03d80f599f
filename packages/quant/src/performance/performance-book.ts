import { positiveInteger, QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { Moments } from '../statistics/moments.ts';
import { PairedDifference } from './paired-difference.ts';
import { completeTerms, type PerformanceTerms } from './performance-terms.ts';
import { PeriodClock, type PeriodClockOptions } from './period-clock.ts';
import { StrategyPerformance, type StrategyPerformanceSnapshot } from './strategy-performance.ts';

/** Two strategies to be compared, the difference being first minus second. */
export type StrategyPair = readonly [a: string, b: string];

/** Options of a {@link PerformanceBook}. */
export interface PerformanceBookOptions extends PerformanceTerms, PeriodClockOptions {
  /** Capital of each strategy, or of one by its name. Without it a strategy has P&L figures but no returns. */
  readonly capital?: number | Readonly<Record<string, number>> | undefined;
  /** Pairs of strategies to compare; none by default. */
  readonly pairs?: readonly StrategyPair[] | undefined;
  /** Strategies tried, for the deflated Sharpe ratio; those in the book by default. At least 2. */
  readonly trials?: number | undefined;
  /** Most strategies; 256 by default. */
  readonly strategyLimit?: number | undefined;
}

/** State of one strategy of a {@link PerformanceBook}. */
export interface StrategyEntrySnapshot {
  readonly strategy: string;
  readonly performance: StrategyPerformanceSnapshot;
  /** P&L and money paid in that the next period will count. */
  readonly pending: readonly number[];
}

/** State of a {@link PerformanceBook}, plain data. */
export interface PerformanceBookSnapshot {
  readonly clock: readonly number[];
  readonly strategies: readonly StrategyEntrySnapshot[];
  readonly pairs: readonly (readonly number[])[];
  readonly benchmark: readonly number[];
}

class Entry {
  readonly performance: StrategyPerformance;
  pnl = 0;
  flow = 0;

  constructor(performance: StrategyPerformance) {
    this.performance = performance;
  }
}

/** Called after every period that closed, with what each strategy earned in it. */
export type PeriodListener = (earnedOf: (strategy: string) => number | undefined) => void;

/**
 * Strategies on one clock. Set what has changed at any time; when an event's time passes the end of a period, every
 * strategy's period is closed with what it had then, quiet ones too.
 */
export class PerformanceBook {
  readonly #options: PerformanceBookOptions;
  readonly #limit: number;
  readonly #clock: PeriodClock;
  readonly #strategies = new Map<string, Entry>();
  readonly #pairs: readonly (readonly [StrategyPair, PairedDifference])[];
  readonly #listener: PeriodListener | undefined;
  readonly #earnedOf = (strategy: string): number | undefined => this.get(strategy)?.earned;
  #benchmarkPrice = Number.NaN;
  #benchmarkBefore = Number.NaN;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: PerformanceBookOptions, listener?: PeriodListener) {
    const { minimumCount } = completeTerms(options);
    const { pairs = [], trials } = options;
    if (trials !== undefined && !(trials >= 2 && trials < Infinity)) {
      throw new QuantError('invalid_option', `trials is ${trials}; it must be 2 or more, or left out`);
    }
    if (typeof options.capital === 'number') capitalOf(options, '');
    else for (const strategy of Object.keys(options.capital ?? {})) capitalOf(options, strategy);
    for (const [a, b] of pairs) {
      if (a === b) throw new QuantError('invalid_option', `strategy ${a} cannot be compared with itself`);
    }
    this.#options = options;
    this.#limit = positiveInteger('strategyLimit', options.strategyLimit ?? 256);
    this.#clock = new PeriodClock(options);
    this.#pairs = pairs.map((pair) => [pair, new PairedDifference(minimumCount)]);
    this.#listener = listener;
  }

  /** Whether {@link advance} would do anything at `timeMs`: the check for the path of every event. */
  isDue(timeMs: number): boolean {
    return this.#clock.isDue(timeMs);
  }

  /** Periods closed. */
  get closed(): number {
    return this.#clock.closed;
  }

  /** Times the grid started anew because the clock of the events jumped. */
  get jumps(): number {
    return this.#clock.jumps;
  }

  /** Opens a strategy and returns whether there was room; known ones are left alone. */
  open(strategy: string): boolean {
    if (this.#strategies.has(strategy)) return true;
    if (this.#strategies.size >= this.#limit) return false;
    const performance = new StrategyPerformance(this.#options, capitalOf(this.#options, strategy));
    this.#strategies.set(strategy, new Entry(performance));
    return true;
  }

  /**
   * P&L of a strategy since the start (realized and unrealized, after costs) as it is now. Opens the strategy; false for
   * a value that is not finite, or when there is no room.
   */
  setPnl(strategy: string, pnl: number): boolean {
    if (!Number.isFinite(pnl) || !this.open(strategy)) return false;
    this.#strategies.get(strategy)!.pnl = pnl;
    return true;
  }

  /** Money paid into a strategy, out of it when negative; false when it is not finite or there is no room. */
  pay(strategy: string, amount: number): boolean {
    if (!Number.isFinite(amount) || !this.open(strategy)) return false;
    this.#strategies.get(strategy)!.flow += amount;
    return true;
  }

  /** Price of the benchmark now; false for one that is not positive and finite. */
  setBenchmark(price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    this.#benchmarkPrice = price;
    return true;
  }

  /** Closes the periods that ended at or before `timeMs` and returns how many. Times that go back close none. */
  advance(timeMs: number): number {
    if (this.#clock.nextMs === -Infinity) this.#benchmarkBefore = this.#benchmarkPrice;
    const passed = this.#clock.advance(timeMs);
    for (let period = 0; period < passed; period++) this.#close();
    return passed;
  }

  get strategies(): IterableIterator<string> {
    return this.#strategies.keys();
  }

  get(strategy: string): StrategyPerformance | undefined {
    return this.#strategies.get(strategy)?.performance;
  }

  /** Comparisons by pair, in the order they were given in. */
  get comparisons(): readonly (readonly [StrategyPair, PairedDifference])[] {
    return this.#pairs;
  }

  /**
   * Probability that a strategy's true Sharpe ratio is above what the best of all those tried would show without skill,
   * given how the ratios of the strategies in the book vary. Undefined below two strategies with a ratio.
   */
  deflatedSharpe(strategy: string): number | undefined {
    const ratios = this.get(strategy)?.total.ratios;
    if (ratios === undefined) return undefined;
    const sharpes = new Moments();
    for (const { performance } of this.#strategies.values()) {
      sharpes.add(performance.total.ratios?.sharpePerPeriod ?? Number.NaN);
    }
    const { variance } = sharpes;
    if (variance === undefined) return undefined;
    return ratios.deflatedSharpe(this.#options.trials ?? sharpes.count, variance);
  }

  snapshot(): PerformanceBookSnapshot {
    const strategies = [...this.#strategies].map(([strategy, { performance, pnl, flow }]) => {
      return { strategy, performance: performance.snapshot(), pending: [pnl, flow] };
    });
    return {
      clock: this.#clock.snapshot(),
      strategies,
      pairs: this.#pairs.map(([, difference]) => difference.snapshot()),
      benchmark: [this.#benchmarkPrice, this.#benchmarkBefore],
    };
  }

  /** Takes the state of a book with the same options back. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: PerformanceBookSnapshot): void {
    if (snapshot.pairs.length !== this.#pairs.length) {
      const counts = `${snapshot.pairs.length} pairs, the book has ${this.#pairs.length}`;
      throw new QuantError('invalid_snapshot', `the snapshot compares ${counts}; it was taken with other options`);
    }
    this.#clock.restore(snapshot.clock);
    for (const { strategy, performance, pending } of snapshot.strategies) {
      if (!this.open(strategy)) throw new QuantError('invalid_snapshot', `no room for strategy ${strategy}`);
      const entry = this.#strategies.get(strategy)!;
      entry.performance.restore(performance);
      [entry.pnl, entry.flow] = restoredNumbers('PerformanceBook', pending, 2) as [number, number];
    }
    this.#pairs.forEach(([, difference], at) => difference.restore(snapshot.pairs[at]!));
    const prices = restoredNumbers('PerformanceBook', snapshot.benchmark, 2) as [number, number];
    [this.#benchmarkPrice, this.#benchmarkBefore] = prices;
  }

  #close(): void {
    const benchmark = this.#benchmarkPrice / this.#benchmarkBefore - 1;
    this.#benchmarkBefore = this.#benchmarkPrice;
    for (const entry of this.#strategies.values()) {
      entry.performance.close(entry.pnl, benchmark, entry.flow);
      entry.flow = 0;
    }
    for (const [[a, b], difference] of this.#pairs) this.#compare(a, b, difference);
    this.#listener?.(this.#earnedOf);
  }

  /** By returns where both have capital, so that the size of a strategy is no skill; by money otherwise. */
  #compare(a: string, b: string, difference: PairedDifference): void {
    const first = this.get(a);
    const second = this.get(b);
    if (first === undefined || second === undefined) return;
    if (first.equity === undefined || second.equity === undefined) difference.add(first.earned, second.earned);
    else difference.add(first.latestReturn ?? Number.NaN, second.latestReturn ?? Number.NaN);
  }
}

function capitalOf({ capital }: PerformanceBookOptions, strategy: string): number | undefined {
  const own = typeof capital === 'object' && Object.hasOwn(capital, strategy) ? capital[strategy] : undefined;
  const value = typeof capital === 'number' ? capital : own;
  if (value !== undefined && !(value > 0 && value < Infinity)) {
    throw new QuantError('invalid_option', `capital is ${value}; it must be a finite number above 0, or left out`);
  }
  return value;
}
