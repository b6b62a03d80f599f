import { EXPOSURE_DIMENSIONS, type ExposureDimension, type Portfolio } from '@nanometer/quant';
import { ATTR_RISK_DIMENSION, ATTR_RISK_GROUP, ATTR_TRADING_CURRENCY } from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { Instruments } from '../instruments.ts';

/** Gives exposure by every dimension, its concentration and leverage when they are collected. The getters have them at once. */
export class GroupObserver {
  readonly #portfolio: Portfolio;
  readonly #instruments: Instruments;
  readonly #limit: number;
  readonly #currency: Attributes;

  /** `limit`: most groups of a dimension; those that came later are left out. */
  constructor(portfolio: Portfolio, instruments: Instruments, limit: number) {
    this.#portfolio = portfolio;
    this.#instruments = instruments;
    this.#limit = limit;
    this.#currency = { [ATTR_TRADING_CURRENCY]: portfolio.reportingCurrency };
  }

  observe(result: BatchObservableResult): void {
    const { exposure, leverage } = this.#portfolio;
    const instruments = this.#instruments;
    if (leverage !== undefined) result.observe(instruments.leverage, leverage, this.#currency);
    for (const dimension of EXPOSURE_DIMENSIONS) {
      this.#groups(result, dimension);
      const index = exposure.concentration(dimension);
      if (index !== undefined) result.observe(instruments.concentration, index, { [ATTR_RISK_DIMENSION]: dimension });
    }
  }

  #groups(result: BatchObservableResult, dimension: ExposureDimension): void {
    const { exposureGroupNet, exposureGroupGross, exposureGroupLong, exposureGroupShort } = this.#instruments;
    let left = this.#limit;
    for (const [group, { net, gross, long, short }] of this.#portfolio.exposure.groups(dimension)) {
      if (left-- === 0) break;
      const attributes = { [ATTR_RISK_DIMENSION]: dimension, [ATTR_RISK_GROUP]: group, ...this.#currency };
      result.observe(exposureGroupNet, net, attributes);
      result.observe(exposureGroupGross, gross, attributes);
      result.observe(exposureGroupLong, long, attributes);
      result.observe(exposureGroupShort, short, attributes);
    }
  }
}
