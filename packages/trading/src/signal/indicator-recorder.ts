import type { IndicatorValues } from '@nanometer/quant';
import { METRIC_TRADING_INDICATOR_VALUE } from '@nanometer/semconv';
import type { Meter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';
import { IndicatorMarket, type IndicatorMarketSnapshot } from './indicator-market.ts';
import type { BarSource, IndicatorOptions } from './signal-options.ts';

const GAUGES = { value: METRIC_TRADING_INDICATOR_VALUE } as const;

/** State of an {@link IndicatorRecorder}, plain data. */
export interface IndicatorSnapshot {
  readonly markets: readonly IndicatorMarketSnapshot[];
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

  snapshot(): IndicatorSnapshot {
    return { markets: [...this.#allMarkets()].map((market) => market.snapshot()) };
  }

  /** Into a recorder with the same options that has seen no price yet. Throws a `QuantError` `invalid_snapshot`. */
  restore({ markets }: IndicatorSnapshot): void {
    for (const market of markets) this.#marketOf(market.exchange, market.symbol)?.restore(market);
  }

  close(): void {
    this.#gauges.close();
  }

  #read(observe: Observe<'value'>): void {
    for (const { values, attributes } of this.#allMarkets()) {
      values.forEach((outputs, indicator) => {
        outputs.forEach((value, output) => {
          const own = attributes[indicator]?.[output];
          if (own !== undefined) observe('value', value, own);
        });
      });
    }
  }

  *#allMarkets(): Generator<IndicatorMarket> {
    for (const symbols of this.#markets.values()) yield* symbols.values();
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
