import { isName } from '@nanometer/instrumentation';
import type { JensenAttribution } from '@nanometer/quant';
import { ATTR_TRADING_ALPHA_BENCHMARK, ATTR_TRADING_CURRENCY, ATTR_TRADING_STRATEGY } from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { ExecutionResult, ReturnEvent } from './events.ts';
import type { ObservedInstruments } from './execution-instruments.ts';
import { type ExecutionSnapshot, given, taken } from './execution-snapshot.ts';
import { type AttributionSettings, jensenOf } from './execution-options.ts';

interface Attributed {
  readonly jensen: JensenAttribution;
  readonly attributes: Attributes;
  readonly money: Attributes;
  /** By benchmark. */
  readonly benchmarks: readonly Attributes[];
  capital: number | undefined;
}

/** Jensen attribution of every strategy that returns are reported for. */
export class AttributionBook {
  readonly #options: AttributionSettings;
  readonly #currency: string;
  readonly #byStrategy = new Map<string, Attributed>();

  constructor(options: AttributionSettings, reportingCurrency: string) {
    this.#options = options;
    this.#currency = reportingCurrency;
  }

  add(event: ReturnEvent): ExecutionResult {
    if (typeof event !== 'object' || event === null || !Array.isArray(event.benchmarks)) return 'invalid_event';
    const { strategy, value, benchmarks, capital } = event;
    if (!isName(strategy)) return 'invalid_strategy';
    if (typeof value !== 'number' || !benchmarks.every((each) => typeof each === 'number')) return 'invalid_return';
    if (capital !== undefined && !(capital > 0 && capital < Infinity)) return 'invalid_return';
    const known = this.#byStrategy.get(strategy);
    if (known === undefined && this.#byStrategy.size >= this.#options.strategyLimit) return 'series_limit';
    const attributed = known ?? this.#make(strategy);
    if (!attributed.jensen.add(value, benchmarks)) return 'invalid_return';
    attributed.capital = capital;
    this.#byStrategy.set(strategy, attributed);
    return 'applied';
  }

  snapshot(): ExecutionSnapshot['attribution'] {
    return Array.from(this.#byStrategy, ([key, { jensen, capital }]) => ({ key, numbers: taken(jensen), capital }));
  }

  /** Strategies beyond the limit are forgotten. Throws a `QuantError` `invalid_snapshot`. */
  restore(strategies: ExecutionSnapshot['attribution']): void {
    for (const { key, numbers, capital } of strategies.slice(0, this.#options.strategyLimit)) {
      const attributed = this.#make(key);
      given(`attribution of ${key}`, attributed.jensen, numbers);
      attributed.capital = capital;
      this.#byStrategy.set(key, attributed);
    }
  }

  observe(result: BatchObservableResult, to: ObservedInstruments): void {
    for (const { jensen, attributes, money, benchmarks, capital } of this.#byStrategy.values()) {
      const { attribution } = jensen;
      if (attribution === undefined) continue;
      const { alphaPerYear, alphaPerHour, betas, rSquared } = attribution;
      result.observe(to.jensen, alphaPerYear, attributes);
      if (capital !== undefined) result.observe(to.jensenRate, alphaPerHour * capital, money);
      betas.forEach((beta, at) => result.observe(to.beta, beta, benchmarks[at]));
      if (rSquared !== undefined) result.observe(to.determination, rSquared, attributes);
    }
  }

  #make(strategy: string): Attributed {
    const attributes = { [ATTR_TRADING_STRATEGY]: strategy };
    return {
      jensen: jensenOf(this.#options),
      attributes,
      money: { ...attributes, [ATTR_TRADING_CURRENCY]: this.#currency },
      benchmarks: this.#options.benchmarks.map((name) => ({ ...attributes, [ATTR_TRADING_ALPHA_BENCHMARK]: name })),
      capital: undefined,
    };
  }
}
