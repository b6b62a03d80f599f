import {
  type BoundCounter,
  type BoundHistogram,
  type BoundUpDownCounter,
  bindCounter,
  bindHistogram,
  bindUpDownCounter,
} from '@nanometer/metrics';
import { type Contract, type Shortfall, type Tape, unitValue } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_EXECUTION_BASIS,
  ATTR_TRADING_EXECUTION_COMPONENT,
  ATTR_TRADING_EXECUTION_OUTCOME,
  ATTR_TRADING_ORDER_TIME_IN_FORCE,
  ATTR_TRADING_ORDER_TYPE,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { OrderOutcome } from '../orders/order-outcome.ts';
import type { OrderSeries } from '../orders/order-series.ts';
import type { Order } from '../orders/order.ts';
import type { ObservedInstruments, RecordedInstruments } from './execution-instruments.ts';

const OUTCOMES: readonly OrderOutcome[] = ['filled', 'partial', 'canceled', 'rejected'];

/** How the orders of one strategy on one symbol of an exchange ended, and what they cost against their decisions. */
export class OrderVenue {
  readonly series: OrderSeries;
  readonly #instruments: RecordedInstruments;
  readonly #attributes: Attributes;
  readonly #venue: Attributes;
  readonly #byQuantity: Attributes;
  readonly #byOrder: Attributes;
  readonly #requested: BoundCounter;
  readonly #filled: BoundCounter;
  /** Kinds are few, and comparing their names costs less than joining them into a key. */
  readonly #ended: EndedKind[] = [];
  readonly #durations = new Map<OrderOutcome, BoundHistogram>();
  readonly #counts: Record<OrderOutcome, number> = { filled: 0, partial: 0, canceled: 0, rejected: 0 };
  #shortfall: ShortfallSeries | undefined = undefined;
  #sentCount = 0;
  #fillCount = 0;
  #quantityRequested = 0;
  #quantityFilled = 0;

  constructor(instruments: RecordedInstruments, series: OrderSeries) {
    const { strategy, exchange, symbol } = series;
    this.series = series;
    this.#instruments = instruments;
    this.#venue = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_EXCHANGE_NAME]: exchange };
    this.#attributes = { ...this.#venue, [ATTR_TRADING_SYMBOL]: symbol };
    this.#byQuantity = { ...this.#attributes, [ATTR_TRADING_EXECUTION_BASIS]: 'quantity' };
    this.#byOrder = { ...this.#attributes, [ATTR_TRADING_EXECUTION_BASIS]: 'order' };
    this.#requested = bindCounter(instruments.quantityRequested, this.#attributes);
    this.#filled = bindCounter(instruments.quantityFilled, this.#attributes);
  }

  sent(): void {
    this.#sentCount++;
  }

  /** A fill of an order was counted; of one that has ended already, its quantity is added now. */
  traded(order: Order, fill: { readonly quantity: number }): void {
    this.#fillCount++;
    if (!order.ended) return;
    this.#filled.add(fill.quantity);
    this.#quantityFilled += fill.quantity;
  }

  ended(order: Order, outcome: OrderOutcome): void {
    this.#counts[outcome]++;
    this.#quantityRequested += order.quantity;
    this.#quantityFilled += order.filled;
    this.#requested.add(order.quantity);
    this.#filled.add(order.filled);
    this.#endedOf(order, outcome).add(1);
  }

  lasted(seconds: number, outcome: OrderOutcome): void {
    let duration = this.#durations.get(outcome);
    if (duration === undefined) {
      const attributes = { ...this.#venue, [ATTR_TRADING_EXECUTION_OUTCOME]: outcome };
      duration = bindHistogram(this.#instruments.doneDuration, attributes);
      this.#durations.set(outcome, duration);
    }
    duration.record(seconds);
  }

  /** Takes the shortfall of a parent order of `quantity`, decided at a price. */
  fellShort(shortfall: Shortfall, contract: Contract, quantity: number, decisionPrice: number): void {
    this.#shortfall ??= new ShortfallSeries(this.#instruments, {
      ...this.#attributes,
      [ATTR_TRADING_CURRENCY]: contract.currency,
    });
    this.#shortfall.add(shortfall, Math.abs(quantity * unitValue(contract, decisionPrice)));
  }

  carry(tape: Tape): void {
    this.#sentCount = tape.count(this.#sentCount);
    this.#fillCount = tape.count(this.#fillCount);
    this.#quantityRequested = tape.number(this.#quantityRequested);
    this.#quantityFilled = tape.number(this.#quantityFilled);
    for (const outcome of OUTCOMES) this.#counts[outcome] = tape.count(this.#counts[outcome]);
  }

  observe(result: BatchObservableResult, to: ObservedInstruments): void {
    const { filled, partial, canceled, rejected } = this.#counts;
    const ended = filled + partial + canceled + rejected;
    if (this.#fillCount > 0) result.observe(to.orderToTrade, this.#sentCount / this.#fillCount, this.#attributes);
    if (ended === 0) return;
    result.observe(to.fillRate, filled / ended, this.#byOrder);
    result.observe(to.fillRate, this.#quantityFilled / this.#quantityRequested, this.#byQuantity);
    result.observe(to.partialRate, partial / ended, this.#attributes);
    result.observe(to.rejectRate, rejected / ended, this.#attributes);
    const traded = filled + partial;
    if (traded > 0) result.observe(to.cancelToFill, (canceled + partial) / traded, this.#attributes);
  }

  #endedOf({ type, timeInForce }: Order, outcome: OrderOutcome): BoundCounter {
    const kinds = this.#ended;
    for (let at = 0; at < kinds.length; at++) {
      const kind = kinds[at]!;
      if (kind.outcome === outcome && kind.type === type && kind.timeInForce === timeInForce) return kind.count;
    }
    const count = bindCounter(this.#instruments.orderEnded, {
      ...this.#attributes,
      [ATTR_TRADING_ORDER_TYPE]: type,
      ...(timeInForce === '' ? {} : { [ATTR_TRADING_ORDER_TIME_IN_FORCE]: timeInForce }),
      [ATTR_TRADING_EXECUTION_OUTCOME]: outcome,
    });
    kinds.push({ type, timeInForce, outcome, count });
    return count;
  }
}

/** How orders of a kind have ended; order type, time in force and outcome are all bounded. */
interface EndedKind {
  readonly type: string;
  readonly timeInForce: string;
  readonly outcome: OrderOutcome;
  readonly count: BoundCounter;
}

class ShortfallSeries {
  readonly #delay: BoundUpDownCounter;
  readonly #trading: BoundUpDownCounter;
  readonly #opportunity: BoundUpDownCounter;
  readonly #fees: BoundUpDownCounter;
  readonly #value: BoundCounter;
  readonly #orders: BoundCounter;

  constructor(instruments: RecordedInstruments, attributes: Attributes) {
    const bind = (component: string): BoundUpDownCounter =>
      bindUpDownCounter(instruments.shortfall, { ...attributes, [ATTR_TRADING_EXECUTION_COMPONENT]: component });
    this.#delay = bind('delay');
    this.#trading = bind('trading');
    this.#opportunity = bind('opportunity');
    this.#fees = bind('fees');
    this.#value = bindCounter(instruments.shortfallValue, attributes);
    this.#orders = bindCounter(instruments.shortfallOrder, attributes);
  }

  add({ delay, trading, opportunity, fees }: Shortfall, value: number): void {
    this.#delay.add(delay);
    this.#trading.add(trading);
    this.#opportunity.add(opportunity);
    this.#fees.add(fees);
    this.#value.add(value);
    this.#orders.add(1);
  }
}
