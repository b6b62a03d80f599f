import {
  type Fill,
  type FillEffect,
  type Mark,
  type PairedExperiment,
  type PairedExperimentSnapshot,
  type PerformanceBook,
  type PerformanceBookSnapshot,
  QuantError,
} from '@nanometer/quant';
import type { Meter } from '@opentelemetry/api';
import type { BillEvent, BillResult } from '../cost/cost-options.ts';
import { CostRecorder, type CostSnapshot } from '../cost/cost-recorder.ts';
import type { Drops } from '../drops.ts';
import type { MarketTradeEvent, QuoteEvent } from '../execution/events.ts';
import { ExperimentRecorder } from '../experiment/experiment-recorder.ts';
import type { LedgerRecorder } from '../ledger/ledger-recorder.ts';
import type { OrderEvent } from '../orders/events.ts';
import { PerformanceRecorder } from '../performance/performance-recorder.ts';
import { RegimeRecorder, type RegimeSnapshot } from '../regime/regime-recorder.ts';
import type { SignalEvent, SignalResult } from '../signal/events.ts';
import { IndicatorRecorder, type IndicatorSnapshot } from '../signal/indicator-recorder.ts';
import { SignalRecorder, type SignalSnapshot } from '../signal/signal-recorder.ts';
import type { AnalyticsOptions } from './analytics-options.ts';

/** State of the analytics of a desk, plain data, fit for JSON. The ledger has a snapshot of its own. */
export interface AnalyticsSnapshot {
  readonly performance?: PerformanceBookSnapshot | undefined;
  readonly experiments?: Readonly<Record<string, PairedExperimentSnapshot>> | undefined;
  readonly signals: SignalSnapshot;
  readonly indicators?: IndicatorSnapshot | undefined;
  readonly regimes?: RegimeSnapshot | undefined;
  readonly costs?: CostSnapshot | undefined;
}

/** Everything that is analysed beside the ledger, behind the events of the desk. */
export class AnalyticsRecorder {
  readonly #drops: Drops;
  readonly #ledger: LedgerRecorder;
  readonly #performance: PerformanceRecorder | undefined;
  readonly #experiments: ExperimentRecorder | undefined;
  readonly #signals: SignalRecorder;
  readonly #indicators: IndicatorRecorder | undefined;
  readonly #regimes: RegimeRecorder | undefined;
  readonly #costs: CostRecorder | undefined;

  /** Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, drops: Drops, ledger: LedgerRecorder, options: AnalyticsOptions) {
    this.#drops = drops;
    this.#ledger = ledger;
    const { performance, experiments = [], indicators, regimes, costs } = options;
    if (experiments.length > 0 && performance === undefined) {
      throw new QuantError('invalid_option', 'experiments run on the clock of `performance`, which is not given');
    }
    const names = experiments.map(({ name }) => name);
    if (new Set(names).size < names.length) {
      throw new QuantError('invalid_option', `experiments need names of their own: ${names.join(', ')}`);
    }
    this.#experiments = experiments.length === 0 ? undefined : new ExperimentRecorder(meter, experiments);
    const closed = this.#experiments?.closed ?? ((): void => undefined);
    this.#performance = performance && new PerformanceRecorder(meter, drops, ledger, performance, closed);
    this.#signals = new SignalRecorder(meter, drops, options.signals);
    this.#indicators = indicators && new IndicatorRecorder(meter, drops, indicators);
    this.#regimes = regimes && new RegimeRecorder(meter, drops, regimes);
    this.#costs = costs && new CostRecorder(meter, drops, ledger.rates, costs);
  }

  /** Strategies on the regular clock; undefined without the option `performance`. */
  get performance(): PerformanceBook | undefined {
    return this.#performance?.book;
  }

  experiment(name: string): PairedExperiment | undefined {
    return this.#experiments?.get(name);
  }

  /** Whether {@link advance} would do anything at the time of an event, whatever it is; a time alone would be boxed. */
  isDue(event: { readonly timeMs: number }): boolean {
    const performance = this.#performance;
    return performance !== undefined && performance.book.isDue(event?.timeMs);
  }

  /** Comes before the event of that time is applied. */
  advance(timeMs: number): void {
    this.#performance?.advance(timeMs);
  }

  filled(fill: Fill, effect: FillEffect): void {
    this.#regimes?.filled(effect);
    this.#costs?.filled(fill, effect);
  }

  marked(mark: Mark): void {
    this.#performance?.marked(mark);
    this.#signals.marked(mark);
    // Read here only: a double that no call takes is not boxed.
    const { exchange, symbol, price, timeMs } = mark;
    if (this.#indicators?.source === 'mark') this.#indicators.priced(exchange, symbol, price, 0, timeMs);
    this.#regimes?.priced(exchange, symbol, price, timeMs);
  }

  /** A best bid and offer that was taken. */
  quoted(event: QuoteEvent): void {
    this.#signals.quoted(event);
    if (this.#indicators?.source !== 'quote') return;
    const { exchange, symbol, bid, ask, timeMs } = event;
    this.#indicators.priced(exchange, symbol, (bid + ask) / 2, 0, timeMs);
  }

  /** A trade between others; one without a time is in no bar. */
  traded({ exchange, symbol, price, quantity, timeMs }: MarketTradeEvent): void {
    if (this.#indicators?.source !== 'trade' || timeMs === undefined) return;
    this.#indicators.priced(exchange, symbol, price, quantity, timeMs);
  }

  signalled(event: SignalEvent): SignalResult {
    return this.#signals.signalled(event);
  }

  ordered(event: OrderEvent): void {
    this.#signals.ordered(event);
  }

  billed(event: BillEvent): BillResult {
    return this.#costs === undefined ? this.#drops.count('costs_disabled') : this.#costs.billed(event);
  }

  /** Regime in force of a market; undefined without the option `regimes`, or while there is none. */
  regimeOf(exchange: string, symbol: string, model?: string): string | undefined {
    return this.#regimes?.regimeOf(exchange, symbol, model);
  }

  snapshot(): AnalyticsSnapshot {
    return {
      performance: this.#performance?.snapshot(),
      experiments: this.#experiments?.snapshot(),
      signals: this.#signals.snapshot(),
      indicators: this.#indicators?.snapshot(),
      regimes: this.#regimes?.snapshot(),
      costs: this.#costs?.snapshot(),
    };
  }

  /** Into analytics with the same options that have seen no event yet, over a restored ledger. Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: AnalyticsSnapshot): void {
    if (snapshot.performance !== undefined) this.#performance?.restore(snapshot.performance);
    if (snapshot.experiments !== undefined) this.#experiments?.restore(snapshot.experiments);
    this.#signals.restore(snapshot.signals);
    if (snapshot.indicators !== undefined) this.#indicators?.restore(snapshot.indicators);
    if (snapshot.regimes !== undefined) this.#regimes?.restore(snapshot.regimes, this.#ledger.ledger.positions());
    if (snapshot.costs !== undefined) this.#costs?.restore(snapshot.costs);
  }

  /** Reports no more. Idempotent. */
  close(): void {
    this.#performance?.close();
    this.#experiments?.close();
    this.#signals.close();
    this.#indicators?.close();
    this.#regimes?.close();
    this.#costs?.close();
  }
}
