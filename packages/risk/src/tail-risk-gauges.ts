import { type BoundCounter, type BoundGauge, bindCounter, bindGauge } from '@nanometer/metrics';
import { ATTR_RISK_CONFIDENCE, ATTR_RISK_METHOD, ATTR_TRADING_CURRENCY } from '@nanometer/semconv';
import type { Instruments } from './instruments.ts';
import type { TailRiskBook, TailState } from './tail-risk.ts';

interface TailSeries {
  readonly state: TailState;
  readonly valueAtRisk: BoundGauge;
  readonly expectedShortfall: BoundGauge;
  readonly periods: BoundCounter;
  readonly exceptions: BoundCounter;
  readonly kupiec: BoundGauge;
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
      const confidence = { [ATTR_RISK_CONFIDENCE]: state.confidence };
      const forecast = { ...confidence, [ATTR_RISK_METHOD]: book.method, ...currency };
      return {
        state,
        valueAtRisk: bindGauge(instruments.valueAtRisk, forecast),
        expectedShortfall: bindGauge(instruments.expectedShortfall, forecast),
        periods: bindCounter(instruments.valueAtRiskPeriodCount, confidence),
        exceptions: bindCounter(instruments.valueAtRiskExceptionCount, confidence),
        kupiec: bindGauge(instruments.valueAtRiskKupiec, confidence),
      };
    });
  }

  /** Writes the present tail risk; nothing before any contract has returns. */
  update(): void {
    if (!this.#book.isActive) return;
    const series = this.#series;
    for (let at = 0; at < series.length; at++) this.#tail(series[at] as TailSeries);
    const output = this.#output;
    this.#book.uncoveredInto(output);
    this.#uncovered.record(output[0]!);
  }

  /** Ends a period and writes how its forecasts fared. */
  closePeriod(): void {
    this.#book.closePeriod((state, isException) => {
      const series = this.#series.find((each) => each.state === state);
      series?.periods.add(1);
      // Also 0, so that a desk without exceptions is told from one that does not count them.
      series?.exceptions.add(isException ? 1 : 0);
      const ratio = state.backtest.kupiec;
      if (ratio !== undefined) series?.kupiec.record(ratio);
    });
  }

  #tail({ state, valueAtRisk, expectedShortfall }: TailSeries): void {
    const tail = this.#book.tail(state.p);
    if (tail === undefined) return;
    valueAtRisk.record(tail.valueAtRisk);
    expectedShortfall.record(tail.expectedShortfall);
  }
}
