import {
  ATTR_EXCHANGE_NAME,
  ATTR_RISK_CONFIDENCE,
  ATTR_RISK_METHOD,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { Instruments } from '../instruments.ts';
import type { RiskComponent, TailRiskBook } from './tail-risk-book.ts';

/** Gives the parts of the tail risk when they are collected: a pass over all returns, too much for every event. */
export class ComponentObserver {
  readonly #book: TailRiskBook;
  readonly #instruments: Instruments;
  readonly #currency: string;
  readonly #limit: number;

  /** `limit`: most contracts per method and confidence. */
  constructor(book: TailRiskBook, instruments: Instruments, reportingCurrency: string, limit: number) {
    this.#book = book;
    this.#instruments = instruments;
    this.#currency = reportingCurrency;
    this.#limit = limit;
  }

  observe(result: BatchObservableResult): void {
    if (this.#limit === 0) return;
    for (const { confidence, method } of this.#book.states) {
      const held = this.#book.components(Number(confidence), method).filter(({ exposure }) => exposure !== 0);
      const largest = held.toSorted((a, b) => size(b) - size(a)).slice(0, this.#limit);
      for (const component of largest) {
        this.#observe(result, component, {
          [ATTR_EXCHANGE_NAME]: component.exchange,
          [ATTR_TRADING_SYMBOL]: component.symbol,
          [ATTR_RISK_CONFIDENCE]: confidence,
          [ATTR_RISK_METHOD]: method,
          [ATTR_TRADING_CURRENCY]: this.#currency,
        });
      }
    }
  }

  #observe(result: BatchObservableResult, component: RiskComponent, attributes: Attributes): void {
    const { valueAtRisk, marginalValueAtRisk, expectedShortfall } = component;
    const { valueAtRiskComponent, valueAtRiskMarginal, expectedShortfallComponent } = this.#instruments;
    if (!Number.isNaN(valueAtRisk)) {
      result.observe(valueAtRiskComponent, valueAtRisk, attributes);
      result.observe(valueAtRiskMarginal, marginalValueAtRisk, attributes);
    }
    if (!Number.isNaN(expectedShortfall)) result.observe(expectedShortfallComponent, expectedShortfall, attributes);
  }
}

/** The larger of its parts, whichever the method has. */
function size({ valueAtRisk, expectedShortfall }: RiskComponent): number {
  return Math.max(Math.abs(valueAtRisk) || 0, Math.abs(expectedShortfall) || 0);
}
