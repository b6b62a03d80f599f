import type { Attributes } from '@opentelemetry/api';
import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  type BoundUpDownCounter,
  bindCounter,
  bindGauge,
  bindHistogram,
  bindUpDownCounter,
} from '@nanometer/metrics';
import {
  type Fill,
  type FillEffect,
  type Liquidity,
  notionalCurrency,
  type Position,
  type Side,
} from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_SIDE,
  ATTR_TRADING_SLIPPAGE_DIRECTION,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Instruments } from './instruments.ts';
import { TradeSeries } from './trade-series.ts';

class FillCounts {
  readonly count: BoundCounter;
  readonly quantity: BoundCounter;

  constructor(instruments: Instruments, attributes: Attributes) {
    this.count = bindCounter(instruments.fillCount, attributes);
    this.quantity = bindCounter(instruments.fillQuantity, attributes);
  }
}

/** The metrics of one position: a fill or a mark writes to series that were bound before. */
export class FillSeries {
  readonly #instruments: Instruments;
  readonly #attributes: Attributes;
  /** With the settlement currency. */
  readonly #money: Attributes;
  readonly #notional: BoundCounter;
  readonly #realized: BoundUpDownCounter;
  readonly #position: BoundGauge;
  readonly #trades: TradeSeries;
  readonly #fees = new Map<string, BoundUpDownCounter>();
  /** By side and liquidity: buy maker, buy taker, sell maker, sell taker. */
  readonly #counts: (FillCounts | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #venue: Attributes;
  #unrealized: BoundGauge | undefined = undefined;
  #slippageCosts: BoundHistogram | undefined = undefined;
  #slippageImprovements: BoundHistogram | undefined = undefined;
  #slippageCost: BoundUpDownCounter | undefined = undefined;

  constructor(instruments: Instruments, position: Position) {
    const { account, strategy, exchange, symbol, contract } = position;
    this.#instruments = instruments;
    this.#venue = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_EXCHANGE_NAME]: exchange };
    this.#attributes = {
      ...(account === '' ? {} : { [ATTR_TRADING_ACCOUNT]: account }),
      ...this.#venue,
      [ATTR_TRADING_SYMBOL]: symbol,
    };
    this.#money = this.#with(contract.currency);
    this.#notional = bindCounter(instruments.fillNotional, this.#with(notionalCurrency(contract)));
    this.#realized = bindUpDownCounter(instruments.pnlRealized, this.#money);
    this.#position = bindGauge(instruments.positionQuantity, this.#attributes);
    this.#trades = new TradeSeries(instruments, this.#attributes, this.#venue, this.#money);
  }

  filled(fill: Fill, effect: Readonly<FillEffect>): void {
    const counts = this.#countsOf(fill.side, fill.liquidity);
    counts.count.add(1);
    counts.quantity.add(fill.quantity);
    this.#notional.add(effect.notional);
    this.#feeOf(effect.feeCurrency).add(effect.fee);
    this.#realized.add(effect.realizedPnl);
    const position = effect.position as Position;
    this.#position.record(position.quantity);
    if (effect.outcome !== undefined) this.#trades.closed(effect.outcome, effect.tradeNetPnl, effect.tradeDurationMs);
    this.marked(position);
  }

  /** Records unrealized P&L, which is absent until the first mark of the contract. */
  marked(position: Position): void {
    const unrealized = position.unrealizedPnl;
    if (unrealized === undefined) return;
    this.#unrealized ??= bindGauge(this.#instruments.pnlUnrealized, this.#money);
    this.#unrealized.record(unrealized);
  }

  /** `basisPoints` and `cost` are positive when the price was worse than the benchmark. */
  slipped(basisPoints: number, cost: number): void {
    if (basisPoints >= 0) {
      this.#slippageCosts ??= this.#slippage('cost');
      this.#slippageCosts.record(basisPoints);
    } else {
      this.#slippageImprovements ??= this.#slippage('improvement');
      this.#slippageImprovements.record(-basisPoints);
    }
    this.#slippageCost ??= bindUpDownCounter(this.#instruments.slippageCost, this.#money);
    this.#slippageCost.add(cost);
  }

  #slippage(direction: string): BoundHistogram {
    return bindHistogram(this.#instruments.slippage, { ...this.#venue, [ATTR_TRADING_SLIPPAGE_DIRECTION]: direction });
  }

  #countsOf(side: Side, liquidity: Liquidity): FillCounts {
    const index = (side === 'buy' ? 0 : 2) + (liquidity === 'maker' ? 0 : 1);
    let counts = this.#counts[index];
    if (counts === undefined) {
      const attributes = { ...this.#attributes, [ATTR_TRADING_SIDE]: side, [ATTR_TRADING_LIQUIDITY]: liquidity };
      counts = new FillCounts(this.#instruments, attributes);
      this.#counts[index] = counts;
    }
    return counts;
  }

  #feeOf(currency: string): BoundUpDownCounter {
    let fee = this.#fees.get(currency);
    if (fee === undefined) {
      fee = bindUpDownCounter(this.#instruments.fee, this.#with(currency));
      this.#fees.set(currency, fee);
    }
    return fee;
  }

  #with(currency: string): Attributes {
    return { ...this.#attributes, [ATTR_TRADING_CURRENCY]: currency };
  }
}
