import { BILL, PERIOD_MS } from './instrumentation-options.ts';
import type { Telemetry } from './telemetry.ts';

const BILL_PERIODS = 60_000 / PERIOD_MS;
/** Orders that the exchanges let through in the time of a bill, the capacity that is paid for. */
const BILL_CAPACITY = 1_800;

/** What the clock asks of the desk. */
export interface DeskClockSource {
  /** Orders sent so far, by strategy. */
  readonly orders: ReadonlyMap<string, { readonly orders: number }>;
  /** Latest mid of the benchmark; NaN before its first quote. */
  benchmarkMid(): number;
}

/**
 * The desk's regular clock, driven by event times: it closes the periods of value at risk and of the strategies, reports
 * returns for the attribution, looks for stalled channels and passes on the bill of the machines.
 */
export class DeskClock {
  readonly #telemetry: Telemetry;
  readonly #source: DeskClockSource;
  readonly #onPeriod: (timeMs: number) => void;
  readonly #billed: Map<string, number> = new Map();
  #nextMs = NaN;
  #periodCount = 0;
  #benchmarkMid = NaN;

  /** `onPeriod` is called with the end of every period, also of one that is told again. */
  constructor(telemetry: Telemetry, source: DeskClockSource, onPeriod: (timeMs: number) => void = () => undefined) {
    this.#telemetry = telemetry;
    this.#source = source;
    this.#onPeriod = onPeriod;
  }

  /** Closes every period that ended by `timeMs`; call it before what happened then is told. */
  advance(timeMs: number): void {
    if (timeMs < this.#nextMs) return;
    if (Number.isNaN(this.#nextMs)) {
      this.#nextMs = (Math.floor(timeMs / PERIOD_MS) + 1) * PERIOD_MS;
      return;
    }
    for (; this.#nextMs <= timeMs; this.#nextMs += PERIOD_MS) this.close(this.#nextMs);
  }

  /** Closes the period that ends at `endMs`; {@link resume} after the last one that is told again. */
  close(endMs: number): void {
    this.#nextMs = endMs;
    const { trading, risk, exchange, market } = this.#telemetry;
    trading.closePeriod(endMs);
    risk.closePeriod();
    market.advance(endMs);
    exchange.checkAges(endMs);
    this.#attribute();
    if (++this.#periodCount % BILL_PERIODS === 0) this.#bill();
    this.#onPeriod(endMs);
  }

  /** Goes on after the period that was closed last. */
  resume(): void {
    this.#nextMs += PERIOD_MS;
  }

  #attribute(): void {
    const { trading } = this.#telemetry;
    const before = this.#benchmarkMid;
    const mid = this.#source.benchmarkMid();
    this.#benchmarkMid = mid;
    const benchmarks = [mid / before - 1];
    if (!Number.isFinite(benchmarks[0])) return;
    const book = trading.analytics.performance;
    for (const strategy of book?.strategies ?? []) {
      const performance = book?.get(strategy);
      const value = performance?.latestReturn;
      if (value !== undefined) trading.onReturn({ strategy, value, benchmarks, capital: performance?.equity });
    }
  }

  #bill(): void {
    const usage: Record<string, number> = {};
    for (const [strategy, { orders }] of this.#source.orders) {
      usage[strategy] = orders - (this.#billed.get(strategy) ?? 0);
      this.#billed.set(strategy, orders);
    }
    const used = Object.values(usage).reduce((sum, count) => sum + count, 0);
    this.#telemetry.trading.onBill({ amount: BILL, usage, capacity: Math.max(used, BILL_CAPACITY) });
  }
}
