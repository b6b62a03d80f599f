import { BarBuilder, type Indicator, indicatorOf, type IndicatorValues, QuantError } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_INDICATOR_NAME,
  ATTR_TRADING_INDICATOR_OUTPUT,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import type { IndicatorOptions } from './signal-options.ts';

/** State of an {@link IndicatorMarket}, plain data. */
export interface IndicatorMarketSnapshot {
  readonly exchange: string;
  readonly symbol: string;
  readonly bars: readonly number[];
  /** By indicator. */
  readonly indicators: readonly {
    readonly name: string;
    readonly state: readonly number[];
    /** After the latest bar, `null` for an output that warms up; empty before the first bar. */
    readonly values: readonly (number | null)[];
  }[];
}

/** The indicators of one market and the bars they are made of. */
export class IndicatorMarket {
  readonly exchange: string;
  readonly symbol: string;
  readonly indicators: readonly Indicator[];
  /** By indicator, then output. */
  readonly attributes: readonly (readonly Attributes[])[];
  readonly bars: BarBuilder;
  /** After the latest bar, by indicator; empty before the first. */
  values: readonly IndicatorValues[] = [];

  /** Throws a `QuantError` `invalid_option`. */
  constructor(exchange: string, symbol: string, { indicators, periodMs }: IndicatorOptions) {
    this.exchange = exchange;
    this.symbol = symbol;
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

  snapshot(): IndicatorMarketSnapshot {
    return {
      exchange: this.exchange,
      symbol: this.symbol,
      bars: this.bars.snapshot(),
      indicators: this.indicators.map((indicator, at) => ({
        name: indicator.name,
        state: indicator.snapshot(),
        values: (this.values[at] ?? []).map((value) => value ?? null),
      })),
    };
  }

  /** Into one of the same options that has seen no price yet. Throws a `QuantError` `invalid_snapshot`. */
  restore({ bars, indicators }: IndicatorMarketSnapshot): void {
    const theirs = indicators.map(({ name }) => name).join(', ');
    const ours = this.indicators.map(({ name }) => name).join(', ');
    if (theirs !== ours) {
      throw new QuantError('invalid_snapshot', `the snapshot has the indicators ${theirs}; the options have ${ours}`);
    }
    this.bars.restore(bars);
    this.indicators.forEach((indicator, at) => indicator.restore(indicators[at]?.state ?? []));
    const values = indicators.map((indicator) => indicator.values.map((value) => value ?? undefined));
    this.values = values.every(({ length }) => length === 0) ? [] : values;
  }
}
