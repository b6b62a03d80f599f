import { BarBuilder, type Indicator, indicatorOf, type IndicatorValues } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_INDICATOR_NAME,
  ATTR_TRADING_INDICATOR_OUTPUT,
  ATTR_TRADING_SYMBOL,
  METRIC_TRADING_INDICATOR_VALUE,
} from '@nanometer/semconv';
import type { Attributes, Meter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';
import type { BarSource, IndicatorOptions } from './signal-options.ts';

const GAUGES = { value: METRIC_TRADING_INDICATOR_VALUE } as const;

class IndicatorMarket {
  readonly indicators: readonly Indicator[];
  /** By indicator, then output. */
  readonly attributes: readonly (readonly Attributes[])[];
  readonly bars: BarBuilder;
  values: readonly IndicatorValues[] = [];

  constructor(exchange: string, symbol: string, { indicators, periodMs }: IndicatorOptions) {
    this.indicators = indicators.map((spec) => indicatorOf(spec));
    this.attributes = this.indicators.map(({ name, outputs }) =>
      outputs.map((output) => ({
        [ATTR_EXCHANGE_NAME]: exchange,
        [ATTR_TRADING_SYMBOL]: symbol,
        [ATTR_TRADING_INDICATOR_NAME]: name,
        [ATTR_TRADING_INDICATOR_OUTPUT]: output,
      })),
    );
    this.bars = new BarBuilder({ periodMs }, (bar) => {
      this.values = this.indicators.map((indicator) => indicator.add(bar));
    });
  }
}

/** Indicators of every market, from its bars. */
export class IndicatorRecorder {
  readonly source: BarSource;
  readonly #options: IndicatorOptions;
  readonly #drops: Drops;
  readonly #limit: number;
  readonly #markets = new Map<string, Map<string, IndicatorMarket>>();
  readonly #gauges: ObservedGauges<typeof GAUGES>;
  #count = 0;

  /** Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, drops: Drops, options: IndicatorOptions) {
    this.source = options.source ?? 'mark';
    this.#options = options;
    this.#drops = drops;
    this.#limit = options.marketLimit ?? 256;
    // Options that cannot be used are refused now and not at the first price.
    const trial = new IndicatorMarket('', '', options);
    trial.values = [];
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  priced(exchange: string, symbol: string, price: number, quantity: number, timeMs: number): void {
    const market = this.#marketOf(exchange, symbol);
    if (market === undefined) this.#drops.count('market_limit');
    else market.bars.add(price, quantity, timeMs);
  }

  /** Values after the latest bar, by the indicators of the options and their outputs; undefined before the first. */
  valuesOf(exchange: string, symbol: string): readonly IndicatorValues[] | undefined {
    const values = this.#markets.get(exchange)?.get(symbol)?.values;
    return values?.length === 0 ? undefined : values;
  }

  close(): void {
    this.#gauges.close();
  }

  #read(observe: Observe<'value'>): void {
    for (const symbols of this.#markets.values()) {
      for (const { values, attributes } of symbols.values()) {
        values.forEach((outputs, indicator) => {
          outputs.forEach((value, output) => {
            const own = attributes[indicator]?.[output];
            if (own !== undefined) observe('value', value, own);
          });
        });
      }
    }
  }

  #marketOf(exchange: string, symbol: string): IndicatorMarket | undefined {
    const symbols = this.#markets.get(exchange);
    const known = symbols?.get(symbol);
    if (known !== undefined || this.#count >= this.#limit) return known;
    const market = new IndicatorMarket(exchange, symbol, this.#options);
    this.#count++;
    if (symbols === undefined) this.#markets.set(exchange, new Map([[symbol, market]]));
    else symbols.set(symbol, market);
    return market;
  }
}
