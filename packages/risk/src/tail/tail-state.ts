import { type LossLaw, type ScenarioBook, type TailRisk, ValueAtRiskBacktest } from '@nanometer/quant';
import { RISK_METHODS, type RiskMethod } from './risk-method.ts';

/** How the forecasts of one method at one confidence fared. */
export interface TailBacktest {
  readonly method: RiskMethod;
  /** Value of the attribute `risk.confidence`. */
  readonly confidence: string;
  readonly backtest: Omit<ValueAtRiskBacktest, 'add'>;
}

/** Forecasts of one method at one confidence, and what became of them. */
export class TailState implements TailBacktest {
  readonly method: RiskMethod;
  /** Value of the attribute `risk.confidence`. */
  readonly confidence: string;
  /** The same as a number. */
  readonly level: number;
  /** Probability of a larger loss. */
  readonly p: number;
  /** Value at risk when the present period began, NaN without one. */
  forecast: number = Number.NaN;
  backtest: ValueAtRiskBacktest;
  readonly #book: ScenarioBook;
  readonly #law: LossLaw;

  constructor(method: RiskMethod, confidence: number, book: ScenarioBook) {
    this.method = method;
    this.confidence = String(confidence);
    this.level = confidence;
    this.p = tailOf(confidence);
    this.backtest = new ValueAtRiskBacktest(this.p);
    this.#book = book;
    this.#law = RISK_METHODS[method].law;
  }

  /** Present tail risk; a live object, reused. */
  tail(): TailRisk | undefined {
    return this.#book.tail(this.p, this.#law);
  }
}

/** Probability of a larger loss; 1 - 0.95 alone is 0.050000000000000044. */
export function tailOf(confidence: number): number {
  return Number((1 - confidence).toFixed(12));
}
