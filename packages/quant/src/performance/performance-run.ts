import { Drawdown } from '../portfolio/drawdown.ts';
import { Autocorrelation } from '../statistics/autocorrelation.ts';
import { Moments } from '../statistics/moments.ts';
import { SortedWindow } from '../statistics/sorted-window.ts';
import { BenchmarkComparison, type BenchmarkComparisonSnapshot } from './benchmark-comparison.ts';
import { DrawdownDepths, type DrawdownDepthsSnapshot } from './drawdown-depths.ts';
import type { CompleteTerms } from './performance-terms.ts';
import { ReturnRatios } from './return-ratios.ts';
import { ReturnSummary, type ReturnSummarySnapshot } from './return-summary.ts';
import { loFactor, meanOverDeviation } from './sharpe.ts';

/** State of a {@link PerformanceRun}, plain data. */
export interface PerformanceRunSnapshot {
  readonly summary: ReturnSummarySnapshot;
  readonly depths: DrawdownDepthsSnapshot;
  readonly benchmark: BenchmarkComparisonSnapshot;
  readonly tails: readonly number[];
  readonly autocorrelation: readonly number[];
  readonly pnl: readonly number[];
  readonly money: readonly number[];
  readonly earned: number;
}

/**
 * A run of periods of one strategy and everything that is said about it. What needs returns has no value without
 * capital; what needs a benchmark has none without one; and no ratio has a value below the minimum of periods.
 */
export class PerformanceRun {
  readonly #terms: CompleteTerms;
  readonly #summary = new ReturnSummary();
  readonly #depths: DrawdownDepths;
  readonly #benchmark: BenchmarkComparison;
  readonly #tails: SortedWindow;
  readonly #autocorrelation: Autocorrelation;
  readonly #pnl = new Moments();
  readonly #money = new Drawdown(0);
  readonly #ratios: ReturnRatios;
  #earned = 0;

  /** `limit`: returns and depths kept for measures of tails. */
  constructor(terms: CompleteTerms, limit: number = terms.tailLimit) {
    this.#terms = terms;
    this.#depths = new DrawdownDepths(limit);
    this.#tails = new SortedWindow(limit);
    this.#autocorrelation = new Autocorrelation(terms.maxLag);
    this.#benchmark = new BenchmarkComparison(terms.periodsPerYear, terms.risklessReturn);
    this.#ratios = new ReturnRatios(this.#summary, terms.periodsPerYear, terms.minimumCount);
  }

  /** Takes one period: money earned, return as a fraction or NaN, the benchmark's return or NaN. */
  add(pnl: number, simpleReturn: number, benchmarkReturn: number): void {
    if (!this.#pnl.add(pnl)) return;
    this.#earned += pnl;
    this.#money.update(this.#earned);
    if (!Number.isFinite(simpleReturn)) return;
    this.#summary.take(simpleReturn, this.#terms.risklessReturn, this.#terms.targetReturn);
    this.#depths.add(simpleReturn);
    this.#tails.add(simpleReturn);
    this.#autocorrelation.add(simpleReturn);
    this.#benchmark.add(simpleReturn, benchmarkReturn);
  }

  /** Periods taken. */
  get count(): number {
    return this.#pnl.count;
  }

  /** Money earned over the run. */
  get earned(): number {
    return this.#earned;
  }

  /** Ratios of the returns; undefined below the minimum, and without capital. */
  get ratios(): ReturnRatios | undefined {
    return this.#summary.count >= this.#terms.minimumCount ? this.#ratios : undefined;
  }

  /** Share lost from the peak, its mean, root mean square and tail; undefined without returns. */
  get depths(): DrawdownDepths | undefined {
    return this.#summary.count === 0 ? undefined : this.#depths;
  }

  /** Largest fall of the compounded returns from their peak as a share of it; undefined without returns. */
  get maxDrawdown(): number | undefined {
    return this.#summary.path?.maxDrawdown;
  }

  /** Money earned below its peak now. The peak starts at 0. */
  get moneyDrawdown(): number {
    return this.#money.money;
  }

  /** Largest fall of the money earned from its peak. */
  get maxMoneyDrawdown(): number {
    return this.#money.max;
  }

  /** Mean of the deepest share `tail` of depths. */
  get conditionalDrawdown(): number | undefined {
    return this.ratios && this.#depths.conditional(this.#terms.tail);
  }

  /** |q(1 - tail)| / |q(tail)| of the returns, type 7; undefined where the lower quantile is 0. */
  get tailRatio(): number | undefined {
    if (this.ratios === undefined) return undefined;
    const low = this.#tails.quantile(this.#terms.tail);
    const high = this.#tails.quantile(1 - this.#terms.tail);
    return low === undefined || high === undefined || low === 0 ? undefined : Math.abs(high) / Math.abs(low);
  }

  /** Annualised standard error of the annualised Sharpe ratio. */
  get sharpeError(): number | undefined {
    const error = this.ratios?.sharpeErrorPerPeriod;
    return error === undefined ? undefined : error * Math.sqrt(this.#terms.periodsPerYear);
  }

  /** Sharpe ratio annualised with Lo's correction for autocorrelation up to `maxLag`. */
  get sharpeCorrected(): number | undefined {
    const perPeriod = this.ratios?.sharpePerPeriod;
    if (perPeriod === undefined) return undefined;
    const at = (lag: number): number | undefined => this.#autocorrelation.at(lag);
    const factor = loFactor(this.#terms.periodsPerYear, at, this.#terms.maxLag);
    return factor === undefined ? undefined : perPeriod * factor;
  }

  /**
   * Mean over sample deviation of the money earned per period, annualised by the root of the periods of a year: what can
   * be said without capital. Not a Sharpe ratio of returns.
   */
  get pnlSharpe(): number | undefined {
    if (this.count < this.#terms.minimumCount) return undefined;
    const perPeriod = meanOverDeviation(this.#pnl.mean, this.#pnl.deviation);
    return perPeriod === undefined ? undefined : perPeriod * Math.sqrt(this.#terms.periodsPerYear);
  }

  /** Returns beside the benchmark's; undefined below the minimum of periods that have both. */
  get benchmark(): BenchmarkComparison | undefined {
    return this.#benchmark.count >= this.#terms.minimumCount ? this.#benchmark : undefined;
  }

  snapshot(): PerformanceRunSnapshot {
    return {
      summary: this.#summary.snapshot(),
      depths: this.#depths.snapshot(),
      benchmark: this.#benchmark.snapshot(),
      tails: this.#tails.snapshot(),
      autocorrelation: this.#autocorrelation.snapshot(),
      pnl: this.#pnl.snapshot(),
      money: this.#money.snapshot(),
      earned: this.#earned,
    };
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: PerformanceRunSnapshot): void {
    this.#summary.restore(snapshot.summary);
    this.#depths.restore(snapshot.depths);
    this.#benchmark.restore(snapshot.benchmark);
    this.#tails.restore(snapshot.tails);
    this.#autocorrelation.restore(snapshot.autocorrelation);
    this.#pnl.restore(snapshot.pnl);
    this.#money.restore(snapshot.money);
    this.#earned = snapshot.earned;
  }
}
