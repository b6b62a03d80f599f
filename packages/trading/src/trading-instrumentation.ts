import type { ObservableResult } from '@opentelemetry/api';
import {
  type Contract,
  type Fill,
  type FillResult,
  type Mark,
  type MarkResult,
  type Position,
  PositionLedger,
  type Rate,
  RateBook,
  type RateResult,
} from '@nanometer/quant';
import { type Drops, dropsIn } from './drops.ts';
import type { AckEvent, CancelEvent, OrderEvent, OrderResult, RejectEvent } from './events.ts';
import { FillSeries } from './fill-series.ts';
import { Instruments } from './instruments.ts';
import { OrderRecorder } from './order-recorder.ts';
import { settingsOf, type TradingInstrumentationOptions } from './options.ts';

/**
 * Records orders, fills, positions and P&L of a trading service.
 *
 * Event methods never throw: they return `applied` or the reason why the event was not counted, which is also counted
 * in `trading.event.dropped`. Order and fill ids never become attributes. After the first event of a combination of
 * exchange, symbol and strategy, recording is lookups in small maps and writes to bound series.
 */
export class TradingInstrumentation {
  readonly #ledger: PositionLedger;
  readonly #rates: RateBook;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #orders: OrderRecorder;
  /** By position handle. */
  readonly #series: FillSeries[] = [];
  readonly #observeLedger = (result: ObservableResult): void => result.observe(this.#ledger.cashIdentityError());

  /** Throws a `TradingOptionError` for an option out of range and a `QuantError` for a contract that cannot be used. */
  constructor(options: TradingInstrumentationOptions = {}) {
    const settings = settingsOf(options);
    this.#rates = new RateBook(settings.reportingCurrency);
    this.#ledger = new PositionLedger({
      fillIdLimit: settings.fillIdLimit,
      positionLimit: settings.positionLimit,
      rates: this.#rates,
    });
    for (const contract of settings.contracts) this.#ledger.defineContract(contract);
    this.#instruments = new Instruments(settings.meter);
    this.#drops = dropsIn(this.#instruments.eventDropped);
    this.#orders = new OrderRecorder(this.#instruments, this.#drops, settings);
    this.#instruments.ledgerError.addCallback(this.#observeLedger);
  }

  /** Positions and P&L, current when an event method returns. Feed it through this class only. */
  get ledger(): Omit<PositionLedger, 'applyFill' | 'applyMark' | 'defineContract'> {
    return this.#ledger;
  }

  /** Events, and parts of events, left out so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** Orders that are neither filled in full, nor cancelled, nor rejected. */
  get openOrders(): number {
    return this.#orders.openCount;
  }

  /** Orders held in memory: the open ones and the latest ended ones. */
  get trackedOrders(): number {
    return this.#orders.trackedCount;
  }

  /**
   * Makes a symbol of an exchange known; fills and marks of unknown symbols are dropped. Defining the same terms again
   * changes nothing. Throws a `QuantError` with code `invalid_contract` or `contract_conflict`.
   */
  defineContract(contract: Contract): void {
    this.#ledger.defineContract(contract);
  }

  /** An order was handed to the exchange. A replacement is a new order. */
  onOrder(event: OrderEvent): OrderResult {
    return this.#orders.sent(event);
  }

  /** The exchange has acknowledged an order, also when its first fills came before. */
  onAck(event: AckEvent): OrderResult {
    return this.#orders.acknowledged(event);
  }

  /** The exchange has refused an order. At most 64 distinct reasons become series; further ones are `_OTHER`. */
  onReject(event: RejectEvent): OrderResult {
    return this.#orders.rejected(event);
  }

  /** An order was cancelled before it was filled in full. */
  onCancel(event: CancelEvent): OrderResult {
    return this.#orders.canceled(event);
  }

  /** An order was filled, in part or in full. A fill counts whether its order is known or not. */
  onFill(fill: Fill): FillResult {
    const result = this.#ledger.applyFill(fill);
    if (result !== 'applied') return this.#drops.count(result);
    const effect = this.#ledger.effect;
    const position = effect.position as Position;
    const series = this.#seriesOf(position);
    series.filled(fill, effect);
    if (effect.tradeFeesUnknown) this.#drops.count('missing_fee_rate');
    if (fill.arrivalMid !== undefined && !series.slipped(fill, position)) this.#drops.count('invalid_arrival_mid');
    this.#orders.filled(fill);
    return result;
  }

  /** A price to value the open positions of a contract at: mark price, mid or last trade, by the caller's choice. */
  onMark(mark: Mark): MarkResult {
    const result = this.#ledger.applyMark(mark);
    if (result !== 'applied') return this.#drops.count(result);
    const positions = this.#ledger.markedPositions;
    for (let at = 0; at < positions.length; at++) {
      const position = positions[at] as Position;
      this.#seriesOf(position).marked(position);
    }
    return result;
  }

  /** Price of a currency in the reporting currency. Needed only for fees in a third currency, to judge closed trades. */
  onRate(rate: Rate): RateResult {
    const result = this.#rates.applyRate(rate);
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** Stops reporting the ledger's self-check. Idempotent. */
  close(): void {
    this.#instruments.ledgerError.removeCallback(this.#observeLedger);
  }

  #seriesOf(position: Position): FillSeries {
    return (this.#series[position.handle] ??= new FillSeries(this.#instruments, position));
  }
}
