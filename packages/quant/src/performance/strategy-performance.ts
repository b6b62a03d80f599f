import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { PerformanceRun, type PerformanceRunSnapshot } from './performance-run.ts';
import { type CompleteTerms, completeTerms, type PerformanceTerms } from './performance-terms.ts';

/** State of a {@link StrategyPerformance}, plain data. */
export interface StrategyPerformanceSnapshot {
  readonly total: PerformanceRunSnapshot;
  /** Money earned, return and benchmark return of each period of the window, oldest first. */
  readonly recent: readonly number[];
  /** Equity, P&L, periods, and of the latest one what was earned and the return. */
  readonly state: readonly number[];
}

// Cells of a period in the window.
const PNL = 0;
const RETURN = 1;
const BENCHMARK = 2;
const CELLS = 3;

/**
 * One strategy on a regular clock: its P&L becomes the money and the return of each period, and those the ratios since
 * the start and over the latest `window` periods. Feed it every period: a quiet one earned 0, and ratios of busy periods
 * alone say nothing.
 *
 * The return of a period is the money earned over the equity at its beginning; money paid in or out counts from the next
 * period on. Without capital, or once the equity is not positive, there are no returns.
 */
export class StrategyPerformance {
  readonly #terms: CompleteTerms;
  readonly #window: number;
  readonly #total: PerformanceRun;
  readonly #recent: Float64Array;
  #equity: number;
  #pnl = 0;
  #count = 0;
  #earned = 0;
  #return: number = Number.NaN;
  #rolling: PerformanceRun | undefined = undefined;

  /** `capital` above 0 in the currency of the P&L, or undefined. Throws {@link QuantError} `invalid_option`. */
  constructor(terms: PerformanceTerms, capital?: number) {
    if (capital !== undefined && !(capital > 0 && capital < Infinity)) {
      throw new QuantError('invalid_option', `capital is ${capital}; it must be a finite number above 0, or left out`);
    }
    this.#terms = completeTerms(terms);
    this.#window = terms.window ?? 0;
    this.#total = new PerformanceRun(this.#terms);
    this.#recent = new Float64Array(this.#window * CELLS);
    this.#equity = capital ?? Number.NaN;
  }

  /**
   * Closes a period. `pnl` is the P&L since the start at its end (realized and unrealized, after costs), `flow` the money
   * paid in (out: negative) during it, `benchmarkReturn` the benchmark's return, NaN for none. A P&L that is not finite
   * is ignored; returns whether the period was taken.
   */
  close(pnl: number, benchmarkReturn: number = Number.NaN, flow = 0): boolean {
    if (!Number.isFinite(pnl) || !Number.isFinite(flow)) return false;
    const earned = pnl - this.#pnl;
    const simpleReturn = this.#equity > 0 ? earned / this.#equity : Number.NaN;
    this.#pnl = pnl;
    this.#earned = earned;
    this.#return = simpleReturn;
    this.#equity += earned + flow;
    this.#total.add(earned, simpleReturn, benchmarkReturn);
    if (this.#window > 0) this.#keep(earned, simpleReturn, benchmarkReturn);
    this.#count++;
    this.#rolling = undefined;
    return true;
  }

  /** Periods closed. */
  get count(): number {
    return this.#count;
  }

  /** Money earned in the latest period, 0 before the first. */
  get earned(): number {
    return this.#earned;
  }

  /** Return of the latest period; undefined without capital. */
  get latestReturn(): number | undefined {
    return Number.isNaN(this.#return) ? undefined : this.#return;
  }

  /** Capital plus what was earned and paid in; undefined without capital. */
  get equity(): number | undefined {
    return Number.isNaN(this.#equity) ? undefined : this.#equity;
  }

  /** Since the start. */
  get total(): PerformanceRun {
    return this.#total;
  }

  /**
   * The latest `window` periods as a run of their own: its peaks are those within the window. Undefined without a
   * window, or before it is full. Added up when it is asked for, once per period (bench/performance.bench.js): a window
   * of 1,440 minutes costs less than the objects that a queue of mergeable parts would keep alive.
   */
  get rolling(): PerformanceRun | undefined {
    if (this.#window === 0 || this.#count < this.#window) return undefined;
    this.#rolling ??= this.#addUp();
    return this.#rolling;
  }

  snapshot(): StrategyPerformanceSnapshot {
    return {
      total: this.#total.snapshot(),
      recent: Array.from({ length: Math.min(this.#count, this.#window) * CELLS }, (_, at) => this.#cell(at)),
      state: [this.#equity, this.#pnl, this.#count, this.#earned, this.#return],
    };
  }

  /** Takes back the state of one with the same terms. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: StrategyPerformanceSnapshot): void {
    const state = restoredNumbers('StrategyPerformance', snapshot.state, 5);
    const [equity, pnl, count, earned, latestReturn] = state as [number, number, number, number, number];
    const length = Math.min(count, this.#window) * CELLS;
    const recent = restoredNumbers('StrategyPerformance', snapshot.recent, length);
    this.#total.restore(snapshot.total);
    this.#equity = equity;
    this.#pnl = pnl;
    this.#count = count;
    this.#earned = earned;
    this.#return = latestReturn;
    this.#rolling = undefined;
    const oldest = count - length / CELLS;
    for (let at = 0; at < length; at++) {
      const period = oldest + Math.floor(at / CELLS);
      this.#recent[(period % this.#window) * CELLS + (at % CELLS)] = recent[at] as number;
    }
  }

  #keep(earned: number, simpleReturn: number, benchmarkReturn: number): void {
    const at = (this.#count % this.#window) * CELLS;
    this.#recent[at + PNL] = earned;
    this.#recent[at + RETURN] = simpleReturn;
    this.#recent[at + BENCHMARK] = benchmarkReturn;
  }

  /** Cells of the window in order of time, oldest first. */
  #cell(index: number): number {
    const kept = Math.min(this.#count, this.#window);
    const period = this.#count - kept + Math.floor(index / CELLS);
    return this.#recent[(period % this.#window) * CELLS + (index % CELLS)] as number;
  }

  #addUp(): PerformanceRun {
    const run = new PerformanceRun(this.#terms, this.#window);
    const recent = this.#recent;
    for (let age = 0; age < this.#window; age++) {
      const at = ((this.#count + age) % this.#window) * CELLS;
      run.add(recent[at + PNL]!, recent[at + RETURN]!, recent[at + BENCHMARK]!);
    }
    return run;
  }
}
