import type { UpDownCounter } from '@opentelemetry/api';
import {
  type BoundCounter,
  type BoundGauge,
  type BoundUpDownCounter,
  bindCounter,
  bindGauge,
  bindUpDownCounter,
} from '@nanometer/metrics';
import {
  type CorrectionEffect,
  type Fill,
  type FillEffect,
  type Liquidity,
  notionalCurrency,
  type Position,
  type Side,
} from '@nanometer/quant';
import { ATTR_TRADING_CORRECTION_KIND, ATTR_TRADING_LIQUIDITY, ATTR_TRADING_SIDE } from '@nanometer/semconv';
import { PositionAttributes } from '../position-attributes.ts';
import type { LedgerInstruments } from './ledger-instruments.ts';
import { TradeSeries } from './trade-series.ts';

// The cells that `Position.valueInto` writes, and the one that `netInto` does.
const QUANTITY = 0;
const UNREALIZED = 2;
const NET = 3;

interface FillCounts {
  readonly count: BoundCounter;
  readonly quantity: BoundCounter;
}

/** The metrics of one position: a fill or a mark writes to series that were bound before. */
export class PositionSeries {
  readonly #instruments: LedgerInstruments;
  readonly #attributes: PositionAttributes;
  readonly #notional: BoundCounter;
  readonly #realized: BoundUpDownCounter;
  readonly #position: BoundGauge;
  readonly #trades: TradeSeries;
  readonly #fees = new Map<string, BoundUpDownCounter>();
  /** By side and liquidity: buy maker, buy taker, sell maker, sell taker. */
  readonly #counts: (FillCounts | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #values = new Float64Array(4);
  #unrealized: BoundGauge | undefined = undefined;
  #net: BoundGauge | undefined = undefined;

  constructor(instruments: LedgerInstruments, position: Position) {
    const attributes = new PositionAttributes(position);
    this.#instruments = instruments;
    this.#attributes = attributes;
    this.#notional = bindCounter(instruments.fillNotional, attributes.in(notionalCurrency(position.contract)));
    this.#realized = bindUpDownCounter(instruments.pnlRealized, attributes.money);
    this.#position = bindGauge(instruments.positionQuantity, attributes.key);
    this.#trades = new TradeSeries(instruments, attributes);
  }

  // In several small methods that take objects only: a double passed to a call that the engine does not inline is boxed
  // on the heap, and one large method exhausts what it inlines (bench/events.bench.js: 79 bytes per fill).
  filled(fill: Fill, effect: FillEffect): void {
    this.#count(fill);
    this.#moved(effect);
    if (effect.closedTrades.count > 0) this.#trades.closed(effect);
    this.#held(effect.position as Position);
  }

  /** Takes a funding or borrow payment. */
  paid(effect: FillEffect, instrument: UpDownCounter): void {
    instrument.add(effect.fee, this.#attributes.in(effect.feeCurrency));
    this.#realized.add(effect.realizedPnl);
    if (effect.closedTrades.count > 0) this.#trades.closed(effect);
    this.#held(effect.position as Position);
  }

  /** Takes a correction of one of the position's fills. */
  corrected(effect: CorrectionEffect): void {
    const { fillCorrected, fillNotional, fillNotionalRetracted } = this.#instruments;
    fillCorrected.add(1, { ...this.#attributes.key, [ATTR_TRADING_CORRECTION_KIND]: effect.kind });
    const notional = effect.notional;
    const instrument = notional > 0 ? fillNotional : fillNotionalRetracted;
    if (notional !== 0) instrument.add(Math.abs(notional), this.#attributes.in(effect.notionalCurrency));
    for (const { currency, amount } of effect.fees) if (amount !== 0) this.#feeOf(currency).add(amount);
    this.#realized.add(effect.realizedPnl);
    this.#trades.corrected(effect);
    this.#held(effect.position);
  }

  /** Records what a restored position came to before: sums that are no counters go on from there. */
  resumed(position: Position): void {
    const { funding, borrow } = this.#instruments;
    for (const currency of position.feeCurrencies()) this.#feeOf(currency).add(position.feesIn(currency));
    if (position.funding !== 0) funding.add(position.funding, this.#attributes.money);
    if (position.borrow !== 0) borrow.add(position.borrow, this.#attributes.money);
    this.#realized.add(position.realizedPnl);
    this.#held(position);
  }

  /** Records unrealized and net P&L, which are absent while an open position has no price to be valued at. */
  marked(position: Position): void {
    const marked = position.valueInto(this.#values);
    if (!marked && this.#values[QUANTITY] !== 0) return;
    position.netInto(this.#values, UNREALIZED);
    this.#recordNet();
    if (marked) this.#recordUnrealized();
  }

  #recordNet(): void {
    this.#net ??= bindGauge(this.#instruments.pnlNet, this.#attributes.money);
    this.#net.record(this.#values[NET] as number);
  }

  #recordUnrealized(): void {
    this.#unrealized ??= bindGauge(this.#instruments.pnlUnrealized, this.#attributes.money);
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

  #countsOf(side: Side, liquidity: Liquidity): FillCounts {
    const index = (side === 'buy' ? 0 : 2) + (liquidity === 'maker' ? 0 : 1);
    let counts = this.#counts[index];
    if (counts === undefined) {
      const attributes = { ...this.#attributes.key, [ATTR_TRADING_SIDE]: side, [ATTR_TRADING_LIQUIDITY]: liquidity };
      counts = {
        count: bindCounter(this.#instruments.fillCount, attributes),
        quantity: bindCounter(this.#instruments.fillQuantity, attributes),
      };
      this.#counts[index] = counts;
    }
    return counts;
  }

  #feeOf(currency: string): BoundUpDownCounter {
    let fee = this.#fees.get(currency);
    if (fee === undefined) {
      fee = bindUpDownCounter(this.#instruments.fee, this.#attributes.in(currency));
      this.#fees.set(currency, fee);
    }
    return fee;
  }
}
