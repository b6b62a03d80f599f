import { type BoundCounter, type BoundGauge, bindCounter, bindGauge } from '@nanometer/metrics';
import type { Drawdown, ExposureTotals, Portfolio, Position } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_RISK_LIMIT_NAME,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Instruments } from './instruments.ts';
import type { LimitWatch } from './limits.ts';

interface LimitSeries {
  readonly watch: LimitWatch;
  readonly utilization: BoundGauge;
  readonly breaches: BoundCounter;
}

/** Writes the state of a portfolio to its series, all bound before. */
export class RiskGauges {
  readonly #portfolio: Portfolio;
  readonly #instruments: Instruments;
  readonly #net: BoundGauge;
  readonly #gross: BoundGauge;
  readonly #equity: BoundGauge;
  readonly #drawdown: BoundGauge;
  readonly #drawdownMax: BoundGauge;
  readonly #drawdownRatio: BoundGauge;
  readonly #limits: readonly LimitSeries[];
  readonly #output = new Float64Array(1);
  /** By position handle. */
  readonly #notionals: BoundGauge[] = [];

  constructor(portfolio: Portfolio, instruments: Instruments, limits: readonly LimitWatch[]) {
    const currency = { [ATTR_TRADING_CURRENCY]: portfolio.reportingCurrency };
    this.#portfolio = portfolio;
    this.#instruments = instruments;
    this.#net = bindGauge(instruments.exposureNet, currency);
    this.#gross = bindGauge(instruments.exposureGross, currency);
    this.#equity = bindGauge(instruments.equity, currency);
    this.#drawdown = bindGauge(instruments.drawdown, currency);
    this.#drawdownMax = bindGauge(instruments.drawdownMax, currency);
    this.#drawdownRatio = bindGauge(instruments.drawdownRatio, currency);
    this.#limits = limits.map((watch) => {
      const name = { [ATTR_RISK_LIMIT_NAME]: watch.name };
      return {
        watch,
        utilization: bindGauge(instruments.limitUtilization, name),
        breaches: bindCounter(instruments.limitBreachCount, name),
      };
    });
  }

  // Small methods that take objects only: a double passed to a call that the engine does not inline is boxed on the
  // heap, and one large method exhausts what it inlines (bench/events.bench.js).

  /** Writes the exposure of one position; it keeps its last value while the rate of its currency is missing. */
  position(position: Position): void {
    const output = this.#output;
    if (!this.#portfolio.exposure.exposureInto(position.handle, output)) return;
    (this.#notionals[position.handle] ??= this.#bind(position)).record(output[0] as number);
  }

  /** Writes everything that is about the whole portfolio and checks the limits. */
  totals(): void {
    this.#exposure(this.#portfolio.exposure.total);
    this.#curve(this.#portfolio.drawdown);
    const limits = this.#limits;
    for (let at = 0; at < limits.length; at++) this.#limit(limits[at] as LimitSeries);
  }

  #exposure(total: ExposureTotals): void {
    this.#net.record(total.net);
    this.#gross.record(total.gross);
  }

  #curve(drawdown: Drawdown): void {
    const { peak } = drawdown;
    this.#equity.record(drawdown.equity);
    this.#drawdown.record(drawdown.money);
    this.#drawdownMax.record(drawdown.max);
    if (peak > 0) this.#drawdownRatio.record(drawdown.money / peak);
  }

  #limit({ watch, utilization, breaches }: LimitSeries): void {
    if (watch.update(this.#portfolio)) breaches.add(1);
    watch.recordTo(utilization);
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
