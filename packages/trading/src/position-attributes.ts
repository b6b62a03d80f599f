import type { Attributes } from '@opentelemetry/api';
import type { Position } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';

/** The attribute sets of one position's series. */
export class PositionAttributes {
  /** Strategy and exchange: of histograms, which are too large to be kept per symbol. */
  readonly venue: Attributes;
  /** Account, where there is one, strategy, exchange and symbol. */
  readonly key: Attributes;
  /** {@link key} with the settlement currency. */
  readonly money: Attributes;

  constructor({ account, strategy, exchange, symbol, contract }: Position) {
    this.venue = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_EXCHANGE_NAME]: exchange };
    this.key = {
      ...(account === '' ? {} : { [ATTR_TRADING_ACCOUNT]: account }),
      ...this.venue,
      [ATTR_TRADING_SYMBOL]: symbol,
    };
    this.money = this.in(contract.currency);
  }

  /** {@link key} with a currency. */
  in(currency: string): Attributes {
    return { ...this.key, [ATTR_TRADING_CURRENCY]: currency };
  }
}
