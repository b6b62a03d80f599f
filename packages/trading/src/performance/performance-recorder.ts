import { type Mark, PerformanceBook, type PerformanceBookSnapshot, type PeriodListener } from '@nanometer/quant';
import type { Meter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import type { LedgerRecorder } from '../ledger/ledger-recorder.ts';
import { PerformanceGauges } from './performance-gauges.ts';
import type { BenchmarkMarket, PerformanceOptions } from './performance-options.ts';
import { pnlByStrategy } from './strategy-pnl.ts';

/**
 * Closes the periods of all strategies as event times pass their ends. Between two ends an event costs one comparison;
 * the positions are walked when a period closes.
 */
export class PerformanceRecorder {
  readonly book: PerformanceBook;
  readonly #ledger: LedgerRecorder;
  readonly #drops: Drops;
  readonly #benchmark: BenchmarkMarket | undefined;
  readonly #gauges: PerformanceGauges;

  constructor(
    meter: Meter,
    drops: Drops,
    ledger: LedgerRecorder,
    options: PerformanceOptions,
    listener: PeriodListener,
  ) {
    this.book = new PerformanceBook(options, listener);
    this.#ledger = ledger;
    this.#drops = drops;
    this.#benchmark = options.benchmark;
    this.#gauges = new PerformanceGauges(meter, this.book, ledger.rates.reportingCurrency);
  }

  /** Comes before the event of that time is applied, so that a period ends with what was known at its end. */
  advance(timeMs: number): void {
    if (!this.book.isDue(timeMs)) return;
    const { pnl, missingRates } = pnlByStrategy(this.#ledger.ledger.positions(), this.#ledger.rates);
    for (let at = 0; at < missingRates; at++) this.#drops.count('missing_pnl_rate');
    for (const [strategy, value] of pnl) {
      if (!this.book.setPnl(strategy, value)) this.#drops.count('strategy_limit');
    }
    this.book.advance(timeMs);
  }

  marked({ exchange, symbol, price }: Mark): void {
    const benchmark = this.#benchmark;
    if (benchmark?.symbol === symbol && benchmark.exchange === exchange) this.book.setBenchmark(price);
  }

  snapshot(): PerformanceBookSnapshot {
    return this.book.snapshot();
  }

  restore(snapshot: PerformanceBookSnapshot): void {
    this.book.restore(snapshot);
  }

  close(): void {
    this.#gauges.close();
  }
}
