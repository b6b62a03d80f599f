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
  unitValue,
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

// The cells that `Position.valueInto` writes, and two of our own.
const QUANTITY = 0;
const UNREALIZED = 2;
const SLIPPAGE = 3;
const SLIPPAGE_COST = 4;

const BASIS_POINTS = 10_000;

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
  readonly #values = new Float64Array(5);
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

  // In several small methods that take objects only: a double passed to a call that the engine does not inline is boxed
  // on the heap, and one large method exhausts what it inlines (bench/events.bench.js: 79 bytes per fill).
  filled(fill: Fill, effect: FillEffect): void {
    this.#count(fill);
    this.#moved(effect);
    if (effect.outcome !== undefined) this.#trades.closed(effect);
    this.#held(effect.position as Position);
  }

  /** Records unrealized P&L, which is absent until the first mark of the contract. */
  marked(position: Position): void {
    const marked = position.valueInto(this.#values);
    if (!marked) return;
    this.#unrealized ??= bindGauge(this.#instruments.pnlUnrealized, this.#money);
    this.#unrealized.record(this.#values[UNREALIZED] as number);
  }

  #count(fill: Fill): void {
    const counts = this.#countsOf(fill.side, fill.liquidity);
    counts.count.add(1);
    counts.quantity.add(fill.quantity);
  }

  #moved(effect: FillEffect): void {
    this.#notional.add(effect.notional);
    this.#feeOf(effect.feeCurrency).add(effect.fee);
    this.#realized.add(effect.realizedPnl);
  }

  #held(position: Position): void {
    this.marked(position);
    this.#position.record(this.#values[QUANTITY] as number);
  }

  /** Records slippage against the fill's arrival mid; false when the mid cannot be used. */
  slipped(fill: Fill, position: Position): boolean {
    const arrivalMid = fill.arrivalMid as number;
    const values = this.#values;
    const sign = fill.side === 'buy' ? 1 : -1;
    values[SLIPPAGE] = ((sign * (fill.price - arrivalMid)) / arrivalMid) * BASIS_POINTS;
    if (!(arrivalMid > 0) || !Number.isFinite(values[SLIPPAGE])) return false;
    const { contract } = position;
    values[SLIPPAGE_COST] = sign * fill.quantity * (unitValue(contract, fill.price) - unitValue(contract, arrivalMid));
    if (values[SLIPPAGE] >= 0) this.#worse();
    else this.#better();
    this.#slippageCost ??= bindUpDownCounter(this.#instruments.slippageCost, this.#money);
    this.#slippageCost.add(values[SLIPPAGE_COST]);
    return true;
  }

  #worse(): void {
    this.#slippageCosts ??= this.#slippage('cost');
    this.#slippageCosts.record(this.#values[SLIPPAGE] as number);
  }

  #better(): void {
    this.#slippageImprovements ??= this.#slippage('improvement');
    this.#slippageImprovements.record(-(this.#values[SLIPPAGE] as number));
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
