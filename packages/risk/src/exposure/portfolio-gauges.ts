import { type BoundGauge, bindGauge } from '@nanometer/metrics';
import type { Drawdown, ExposureTotals, Portfolio, Position } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Instruments } from '../instruments.ts';

/** Writes the state of a portfolio to its series, all bound before. */
export class PortfolioGauges {
  readonly #portfolio: Portfolio;
  readonly #instruments: Instruments;
  readonly #net: BoundGauge;
  readonly #gross: BoundGauge;
  readonly #long: BoundGauge;
  readonly #short: BoundGauge;
  readonly #equity: BoundGauge;
  readonly #drawdown: BoundGauge;
  readonly #drawdownMax: BoundGauge;
  readonly #drawdownRatio: BoundGauge;
  readonly #output = new Float64Array(1);
  /** By position handle. */
  readonly #notionals: BoundGauge[] = [];

  constructor(portfolio: Portfolio, instruments: Instruments) {
    const currency = { [ATTR_TRADING_CURRENCY]: portfolio.reportingCurrency };
    this.#portfolio = portfolio;
    this.#instruments = instruments;
    this.#net = bindGauge(instruments.exposureNet, currency);
    this.#gross = bindGauge(instruments.exposureGross, currency);
    this.#long = bindGauge(instruments.exposureLong, currency);
    this.#short = bindGauge(instruments.exposureShort, currency);
    this.#equity = bindGauge(instruments.equity, currency);
    this.#drawdown = bindGauge(instruments.drawdown, currency);
    this.#drawdownMax = bindGauge(instruments.drawdownMax, currency);
    this.#drawdownRatio = bindGauge(instruments.drawdownRatio, currency);
  }

  // Small methods that take objects only: a double passed to a call that the engine does not inline is boxed on the
  // heap, and one large method exhausts what it inlines (bench/events.bench.js).

  /** Writes the exposure of one position; it keeps its last value while the rate of its currency is missing. */
  position(position: Position): void {
    const output = this.#output;
    if (!this.#portfolio.exposure.exposureInto(position.handle, output)) return;
    (this.#notionals[position.handle] ??= this.#bind(position)).record(output[0] as number);
  }

  /** Writes everything that is about the whole portfolio. */
  totals(): void {
    this.#exposure(this.#portfolio.exposure.total);
    this.#curve(this.#portfolio.drawdown);
  }

  #exposure(total: ExposureTotals): void {
    this.#net.record(total.net);
    this.#gross.record(total.gross);
    this.#long.record(total.long);
    this.#short.record(total.short);
  }

  #curve(drawdown: Drawdown): void {
    const { peak } = drawdown;
    this.#equity.record(drawdown.equity);
    this.#drawdown.record(drawdown.money);
    this.#drawdownMax.record(drawdown.max);
    if (peak > 0) this.#drawdownRatio.record(drawdown.money / peak);
  }

  #bind({ account, strategy, exchange, symbol }: Position): BoundGauge {
    return bindGauge(this.#instruments.exposureNotional, {
      ...(account === '' ? {} : { [ATTR_TRADING_ACCOUNT]: account }),
      [ATTR_TRADING_STRATEGY]: strategy,
      [ATTR_EXCHANGE_NAME]: exchange,
      [ATTR_TRADING_SYMBOL]: symbol,
      [ATTR_TRADING_CURRENCY]: this.#portfolio.reportingCurrency,
    });
  }
}
