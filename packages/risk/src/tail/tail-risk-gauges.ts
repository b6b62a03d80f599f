import { type BoundCounter, type BoundGauge, bindCounter, bindGauge } from '@nanometer/metrics';
import type { BaselZone } from '@nanometer/quant';
import {
  ATTR_RISK_BASEL_ZONE,
  ATTR_RISK_CONFIDENCE,
  ATTR_RISK_METHOD,
  ATTR_TRADING_CURRENCY,
} from '@nanometer/semconv';
import { AbsentGauge } from '../absent-gauge.ts';
import type { Instruments } from '../instruments.ts';
import type { TailRiskBook } from './tail-risk-book.ts';
import type { TailState } from './tail-state.ts';

interface TailSeries {
  readonly state: TailState;
  readonly valueAtRisk: AbsentGauge;
  readonly expectedShortfall: AbsentGauge;
  readonly periods: BoundCounter;
  readonly exceptions: BoundCounter;
  readonly kupiec: BoundGauge;
  readonly independence: BoundGauge;
  readonly conditionalCoverage: BoundGauge;
  readonly baselExceptions: BoundGauge;
  readonly zones: Readonly<Record<BaselZone, BoundCounter>>;
}

/** Writes the tail risk of a book to its series, all bound before. */
export class TailRiskGauges {
  readonly #book: TailRiskBook;
  readonly #uncovered: BoundGauge;
  readonly #series: readonly TailSeries[];
  readonly #output = new Float64Array(1);

  constructor(book: TailRiskBook, instruments: Instruments, reportingCurrency: string) {
    this.#book = book;
    const currency = { [ATTR_TRADING_CURRENCY]: reportingCurrency };
    this.#uncovered = bindGauge(instruments.valueAtRiskUncovered, currency);
    this.#series = book.states.map((state) => {
      const method = { [ATTR_RISK_METHOD]: state.method };
      const test = { [ATTR_RISK_CONFIDENCE]: state.confidence, ...method };
      const zone = (name: BaselZone): BoundCounter =>
        bindCounter(instruments.baselZoneCount, { ...method, [ATTR_RISK_BASEL_ZONE]: name });
      return {
        state,
        valueAtRisk: new AbsentGauge(instruments.valueAtRisk, { ...test, ...currency }),
        expectedShortfall: new AbsentGauge(instruments.expectedShortfall, { ...test, ...currency }),
        periods: bindCounter(instruments.valueAtRiskPeriodCount, test),
        exceptions: bindCounter(instruments.valueAtRiskExceptionCount, test),
        kupiec: bindGauge(instruments.valueAtRiskKupiec, test),
        independence: bindGauge(instruments.valueAtRiskIndependence, test),
        conditionalCoverage: bindGauge(instruments.conditionalCoverage, test),
        baselExceptions: bindGauge(instruments.baselExceptions, method),
        zones: { green: zone('green'), yellow: zone('yellow'), red: zone('red') },
      };
    });
  }

  /** Writes the present tail risk; nothing before any contract has returns. */
  update(): void {
    if (!this.#book.isActive) return;
    const series = this.#series;
    for (let at = 0; at < series.length; at++) this.#tail(series[at]!);
    const output = this.#output;
    this.#book.uncoveredInto(output);
    this.#uncovered.record(output[0]!);
  }

  /** Ends a period and writes how its forecasts fared. */
  closePeriod(): void {
    this.#book.closePeriod((state, isException) => {
      const series = this.#series.find((each) => each.state === state);
      if (series !== undefined) this.#compared(series, isException);
    });
    this.update();
  }

  /** Writes how earlier forecasts fared, after a restart; counters begin anew, as every process's do. */
  resumed(): void {
    for (const series of this.#series) this.#coverage(series);
    this.update();
  }

  #compared(series: TailSeries, isException: boolean): void {
    series.periods.add(1);
    // Also 0, so that a desk without exceptions is told from one that does not count them.
    series.exceptions.add(isException ? 1 : 0);
    this.#coverage(series);
    const { zone } = series.state.backtest;
    if (zone !== undefined) series.zones[zone].add(1);
  }

  #coverage(series: TailSeries): void {
    const { kupiec, independence, conditionalCoverage, zone, recentExceptions } = series.state.backtest;
    if (kupiec !== undefined) series.kupiec.record(kupiec);
    if (independence !== undefined) series.independence.record(independence);
    if (conditionalCoverage !== undefined) series.conditionalCoverage.record(conditionalCoverage);
    if (zone !== undefined) series.baselExceptions.record(recentExceptions);
  }

  #tail({ state, valueAtRisk, expectedShortfall }: TailSeries): void {
    const tail = state.tail();
    if (tail === undefined) return;
    // A law may have no value where the book is now, and what it was before is not what it is.
    if (Number.isNaN(tail.valueAtRisk)) valueAtRisk.clear();
    else valueAtRisk.record(tail.valueAtRisk);
    if (Number.isNaN(tail.expectedShortfall)) expectedShortfall.clear();
    else expectedShortfall.record(tail.expectedShortfall);
  }
}
