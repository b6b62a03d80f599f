import type {
  Contract,
  Correction,
  CorrectionResult,
  Fill,
  FillResult,
  Mark,
  MarkResult,
  Payment,
  PaymentResult,
  Position,
  PositionLedger,
  Rate,
  RateResult,
} from '@nanometer/quant';
import { AnalyticsRecorder, type AnalyticsSnapshot } from './analytics/analytics-recorder.ts';
import type { BillEvent, BillResult } from './cost/cost-options.ts';
import { type Drops, dropsOf } from './drops.ts';
import type {
  ExecutionResult,
  MarketTradeEvent,
  ParentEndEvent,
  ParentOrderEvent,
  QuoteEvent,
  ReturnEvent,
} from './execution/events.ts';
import type { ExecutionSnapshot } from './execution/execution-snapshot.ts';
import { ExecutionRecorder } from './execution/execution-recorder.ts';
import { SlippageRecorder } from './execution/slippage-recorder.ts';
import { LedgerRecorder } from './ledger/ledger-recorder.ts';
import { settingsOf, type TradingInstrumentationOptions } from './options.ts';
import type { AckEvent, CancelEvent, OrderEvent, OrderResult, RejectEvent } from './orders/events.ts';
import { OrderRecorder } from './orders/order-recorder.ts';
import type { SignalEvent, SignalResult } from './signal/events.ts';

/**
 * Records orders, fills, positions and P&L of a trading service.
 *
 * Event methods never throw: they return `applied` or the reason why the event was not counted, which is also counted
 * in `trading.event.dropped`. Order and fill ids never become attributes. After the first event of a combination of
 * exchange, symbol and strategy, recording is lookups in small maps and writes to bound series.
 */
export class TradingInstrumentation {
  readonly #drops: Drops;
  readonly #ledger: LedgerRecorder;
  readonly #orders: OrderRecorder;
  readonly #slippage: SlippageRecorder;
  readonly #execution: ExecutionRecorder;
  readonly #analytics: AnalyticsRecorder;

  /** Throws a `TradingOptionError` for an option out of range and a `QuantError` for a contract that cannot be used. */
  constructor(options: TradingInstrumentationOptions = {}) {
    const settings = settingsOf(options);
    const { meter } = settings;
    this.#drops = dropsOf(meter);
    this.#ledger = new LedgerRecorder(meter, this.#drops, settings);
    this.#execution = new ExecutionRecorder(meter, this.#drops, settings, this.#ledger);
    this.#orders = new OrderRecorder(meter, this.#drops, settings, this.#execution);
    this.#slippage = new SlippageRecorder(meter, this.#drops);
    this.#analytics = new AnalyticsRecorder(meter, this.#drops, this.#ledger, settings.analytics);
  }

  /** Positions and P&L, current when an event method returns. Feed it through this class only. */
  get ledger(): Omit<PositionLedger, (keyof PositionLedger & `apply${string}`) | 'defineContract'> {
    return this.#ledger.ledger;
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

  /** Fills whose markouts are not all known yet. */
  get pendingMarkouts(): number {
    return this.#execution.pending;
  }

  /** Parent orders that are neither filled nor given up. */
  get openParents(): number {
    return this.#execution.shortfalls.openCount;
  }

  /**
   * Makes a symbol of an exchange known; fills and marks of unknown symbols are dropped. Defining the same terms again
   * changes nothing. Throws a `QuantError` with code `invalid_contract` or `contract_conflict`.
   */
  defineContract(contract: Contract): void {
    this.#ledger.ledger.defineContract(contract);
  }

  /** An order was handed to the exchange. A replacement is a new order. */
  onOrder(event: OrderEvent): OrderResult {
    const result = this.#orders.sent(event);
    if (result === 'applied') this.#analytics.ordered(event);
    return result;
  }

  /** The exchange has acknowledged an order, also when its first fills came before. */
  onAck(event: AckEvent): OrderResult {
    return this.#orders.acknowledged(event);
  }

  /** The exchange has refused an order. Reasons beyond `rejectReasonLimit` are counted as `_OTHER`. */
  onReject(event: RejectEvent): OrderResult {
    return this.#orders.rejected(event);
  }

  /** An order was cancelled before it was filled in full. */
  onCancel(event: CancelEvent): OrderResult {
    return this.#orders.canceled(event);
  }

  /** An order was filled, in part or in full. A fill counts whether its order is known or not. */
  onFill(fill: Fill): FillResult {
    // A period ends before what comes after it is taken, but never by an event that is refused.
    if (this.#analytics.isDue(fill) && this.#ledger.ledger.refusalOf(fill) === undefined) {
      this.#analytics.advance(fill.timeMs);
    }
    const result = this.#ledger.filled(fill);
    if (result !== 'applied') return result;
    this.#analytics.filled(fill, this.#ledger.effect);
    this.#slippage.filled(fill, this.#ledger.effect.position as Position);
    const order = this.#orders.orderOf(fill);
    this.#execution.filled(fill, this.#ledger.effect, order);
    if (order !== undefined) this.#orders.filled(order, fill);
    return result;
  }

  /**
   * A new best bid and offer of a defined contract: what stood when orders were sent, acknowledged and filled, and what
   * markouts are measured against. It values positions too while their contract has no mark price, see {@link onMark}.
   */
  onQuote(event: QuoteEvent): ExecutionResult {
    const result = this.#execution.quote(event);
    if (result !== 'applied') return result;
    this.#ledger.quoted(event);
    this.#analytics.quoted(event);
    return result;
  }

  /** A trade between others. Orders are compared with the average price of all trades while they were in the market. */
  onMarketTrade(event: MarketTradeEvent): ExecutionResult {
    const result = this.#execution.marketTrade(event);
    if (result === 'applied') this.#analytics.traded(event);
    return result;
  }

  /** A decision to trade, before its first order. It is done when its orders have filled it, or at {@link onParentEnd}. */
  onParentOrder(event: ParentOrderEvent): ExecutionResult {
    const { shortfalls } = this.#execution;
    const result = shortfalls.decided(event, (parent) => {
      const series = this.#orders.seriesOf(parent);
      return series && this.#execution.venueOf(series);
    });
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** A parent order is given up before it was filled in full. */
  onParentEnd(event: ParentEndEvent): ExecutionResult {
    const result = this.#execution.shortfalls.given(event);
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** Returns of one period of a strategy and its benchmarks; needs the option `execution.attribution`. */
  onReturn(event: ReturnEvent): ExecutionResult {
    return this.#execution.returned(event);
  }

  /** The exchange has taken a fill back or changed its terms: every sum and ratio becomes what it should have been. */
  onCorrection(correction: Correction): CorrectionResult {
    return this.#ledger.corrected(correction);
  }

  /** Funding was paid (positive) or received (negative) on a position. */
  onFunding(payment: Payment): PaymentResult {
    return this.#ledger.funded(payment);
  }

  /** Interest was paid on what was borrowed for a position. */
  onBorrow(payment: Payment): PaymentResult {
    return this.#ledger.borrowed(payment);
  }

  /** The exchange's mark price of a contract, at which positions are valued before any quote. */
  onMark(mark: Mark): MarkResult {
    if (this.#analytics.isDue(mark) && this.#ledger.canPrice(mark)) this.#analytics.advance(mark.timeMs);
    const result = this.#ledger.marked(mark);
    if (result === 'applied') this.#analytics.marked(mark);
    return result;
  }

  /** Price of a currency in the reporting currency. Needed only for costs in a third currency. */
  onRate(rate: Rate): RateResult {
    return this.#ledger.rated(rate);
  }

  /** A strategy's opinion of a market. It is scored at the marks of the market that come after its horizons. */
  onSignal(event: SignalEvent): SignalResult {
    return this.#analytics.signalled(event);
  }

  /** A bill of infrastructure, divided among strategies by what they used; needs the option `analytics.costs`. */
  onBill(event: BillEvent): BillResult {
    return this.#analytics.billed(event);
  }

  /** Closes the periods of strategies that ended at or before `timeMs`, where no event does it: a quiet night. */
  closePeriod(timeMs: number): void {
    this.#analytics.advance(timeMs);
  }

  /** Figures of strategies, experiments and regimes, readable in the process. */
  get analytics(): Pick<AnalyticsRecorder, 'performance' | 'experiment' | 'regimeOf'> {
    return this.#analytics;
  }

  /**
   * Orders, parent orders, fills that wait for a horizon, and every sum behind a gauge of the execution: plain data fit
   * for JSON. Counters and histograms begin anew with the process, as OpenTelemetry wants it.
   */
  snapshotExecution(): ExecutionSnapshot {
    return { orders: this.#orders.snapshot(), ...this.#execution.snapshot() };
  }

  /**
   * Takes a snapshot back, before the first event, with the same options and over the ledger's state of the same moment.
   * Throws a `QuantError` when it cannot.
   */
  restoreExecution(snapshot: ExecutionSnapshot): void {
    this.#execution.restore(snapshot, (key) => this.#orders.seriesOf(key));
    this.#orders.restore(snapshot.orders, (handle) => this.#ledger.ledger.positionAt(handle));
  }

  /** State of the analytics, plain data fit for JSON. */
  snapshotAnalytics(): AnalyticsSnapshot {
    return this.#analytics.snapshot();
  }

  /** Takes a snapshot back, before the first event and with the same options. Throws a `QuantError` when it cannot. */
  restoreAnalytics(snapshot: AnalyticsSnapshot): void {
    this.#analytics.restore(snapshot);
  }

  /** Stops computing what is computed when readers collect. Idempotent. */
  close(): void {
    this.#analytics.close();
    this.#execution.close();
    this.#ledger.close();
  }
}
