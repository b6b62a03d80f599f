import { isName } from '@nanometer/instrumentation';
import { type Contract, type Fill, type ShortfallAccount, type Side } from '@nanometer/quant';
import { isAmount } from '../amount.ts';
import type { Drops } from '../drops.ts';
import type { OrderOutcome } from '../orders/order-outcome.ts';
import type { OrderKey } from '../orders/order-recorder.ts';
import type { Order } from '../orders/order.ts';
import type { ExecutionResult, ParentEndEvent, ParentOrderEvent } from './events.ts';
import { type Carried, type ExecutionSnapshot, given, taken } from './execution-snapshot.ts';
import type { ExecutionSettings } from './execution-options.ts';
import type { Market, Markets } from './markets.ts';
import type { OrderVenue } from './order-venue.ts';
import { type Parent, ParentBook } from './parent-book.ts';

/** Sums of fills reach the parent's quantity up to rounding. */
const FILLED_SHARE = 1 - 1e-9;

/** What the shortfall of a finished order is computed from. */
interface Finished {
  readonly contract: Contract;
  readonly venue: OrderVenue;
  readonly side: Side;
  readonly quantity: number;
  readonly decisionPrice: number;
  readonly arrivalPrice: number;
  readonly account: ShortfallAccount;
}

/** Implementation shortfall of parent orders, and of orders that are their own parent. */
export class ShortfallRecorder {
  readonly #markets: Markets;
  readonly #drops: Drops;
  readonly #parents: ParentBook;

  constructor(markets: Markets, settings: ExecutionSettings, drops: Drops) {
    this.#markets = markets;
    this.#drops = drops;
    this.#parents = new ParentBook(settings.parentLimit);
  }

  /** Parent orders that are open. */
  get openCount(): number {
    return this.#parents.size;
  }

  snapshot(): ExecutionSnapshot['parents'] {
    return Array.from(this.#parents.all, (parent) => {
      const { exchange, symbol } = parent.contract;
      const { strategy } = parent.venue.series;
      return { key: parent.id, exchange, symbol, strategy, side: parent.side, numbers: taken(carriedParent(parent)) };
    });
  }

  /** Parents whose market or series is not there any more are left out. Throws a `QuantError` `invalid_snapshot`. */
  restore(parents: ExecutionSnapshot['parents'], venueOf: (key: OrderKey) => OrderVenue | undefined): void {
    for (const saved of parents) {
      const market = this.#markets.of(saved.exchange, saved.symbol);
      const venue = venueOf(saved);
      if (market === undefined || venue === undefined) continue;
      const { key: id, side, numbers } = saved;
      const [quantity = Number.NaN, decisionPrice = Number.NaN] = numbers.map((value) => value ?? Number.NaN);
      this.#parents.open({ id, contract: market.contract, venue, side, quantity, decisionPrice });
      given(`parent order ${id}`, carriedParent(this.#parents.find(id) as Parent), numbers);
    }
  }

  /** Opens a parent order; `venueOf` gives where it is counted, undefined beyond the limit of series. */
  decided(event: ParentOrderEvent, venueOf: (event: ParentOrderEvent) => OrderVenue | undefined): ExecutionResult {
    const refusal = refusalOf(event);
    if (refusal !== undefined) return refusal;
    if (this.#parents.find(event.parentId) !== undefined) return 'duplicate';
    const market = this.#markets.of(event.exchange, event.symbol);
    if (market === undefined) return 'unknown_contract';
    const venue = venueOf(event);
    if (venue === undefined) return 'series_limit';
    const decisionPrice = event.decisionMid ?? market.midAt(event.timeMs);
    const { parentId: id, side, quantity } = event;
    const evicted = this.#parents.open({ id, contract: market.contract, venue, side, quantity, decisionPrice });
    if (evicted) this.#drops.count('parent_evicted');
    return 'applied';
  }

  /** An order of a parent was sent: the first one's arrival is the parent's. */
  sent(order: Order): void {
    const parent = this.#parents.find(order.parentId as string);
    if (parent === undefined) this.#drops.count('unknown_parent');
    else if (parent.arrivalPrice !== parent.arrivalPrice) parent.arrivalPrice = order.arrivalMid;
  }

  /** Takes a fill of an order, whose fee in the settlement currency is `money[0]`. */
  filled(order: Order, fill: Fill, contract: Contract, money: Float64Array): void {
    if (order.parentId === undefined) {
      if (order.ended && order.decisionMid === order.decisionMid) this.#drops.count('fill_after_end');
      return;
    }
    const parent = this.#parents.find(order.parentId);
    if (parent === undefined) this.#drops.count('fill_after_end');
    else if (parent.contract !== contract || parent.side !== fill.side) this.#drops.count('parent_mismatch');
    else {
      parent.account.filledAt(contract, fill.quantity, fill.price, money[0] as number);
      if (parent.account.filled >= parent.quantity * FILLED_SHARE) this.#finish(parent, Number.NaN);
    }
  }

  /** An order that is its own parent has ended; one that was refused was never worked. */
  ended(
    order: Order,
    outcome: OrderOutcome,
    market: Market,
    venue: OrderVenue,
    { timeMs }: { readonly timeMs: number },
  ): void {
    const { decisionMid, arrivalMid, quantity, side, account } = order;
    if (order.parentId !== undefined || decisionMid !== decisionMid || outcome === 'rejected') return;
    const { contract } = market;
    const finished = { contract, venue, side, quantity, decisionPrice: decisionMid, arrivalPrice: arrivalMid, account };
    this.#shortfallOf(finished, outcome === 'filled' ? Number.NaN : market.midAt(timeMs));
  }

  /** Ends a parent order that was not filled in full. */
  given(event: ParentEndEvent): ExecutionResult {
    if (typeof event !== 'object' || event === null) return 'invalid_event';
    if (!Number.isFinite(event.timeMs)) return 'invalid_time';
    if (event.endMid !== undefined && !isAmount(event.endMid)) return 'invalid_price';
    const parent = this.#parents.find(event.parentId);
    if (parent === undefined) return 'unknown_parent';
    const { exchange, symbol } = parent.contract;
    this.#finish(parent, event.endMid ?? this.#markets.of(exchange, symbol)?.midAt(event.timeMs) ?? Number.NaN);
    return 'applied';
  }

  #finish(parent: Parent, endPrice: number): void {
    this.#parents.close(parent);
    this.#shortfallOf(parent, endPrice);
  }

  #shortfallOf(finished: Finished, endPrice: number): void {
    const { contract, venue, side, quantity, decisionPrice, account } = finished;
    // Never sent: all of it is delay. Nothing left: the end does not matter.
    const { arrivalPrice } = finished;
    const arrival = arrivalPrice === arrivalPrice || account.filled > 0 ? arrivalPrice : endPrice;
    const end = account.filled >= quantity * FILLED_SHARE ? arrival : endPrice;
    const shortfall = account.shortfall(contract, side === 'buy' ? 1 : -1, quantity, decisionPrice, arrival, end);
    if (shortfall === undefined) this.#drops.count('shortfall_unpriced');
    else venue.fellShort(shortfall, contract, Math.max(quantity, account.filled), decisionPrice);
  }
}

/** Quantity and price of the decision were given when it was opened; its arrival and account go both ways. */
function carriedParent(parent: Parent): Carried {
  return {
    carry(tape): void {
      tape.number(parent.quantity);
      tape.number(parent.decisionPrice);
      parent.arrivalPrice = tape.number(parent.arrivalPrice);
      parent.account.carry(tape);
    },
  };
}

function refusalOf(event: ParentOrderEvent): Exclude<ExecutionResult, 'applied'> | undefined {
  if (typeof event !== 'object' || event === null) return 'invalid_event';
  if (!isName(event.parentId)) return 'invalid_parent_id';
  if (!isName(event.strategy)) return 'invalid_strategy';
  if (event.side !== 'buy' && event.side !== 'sell') return 'invalid_side';
  if (!isAmount(event.quantity)) return 'invalid_quantity';
  if (event.decisionMid !== undefined && !isAmount(event.decisionMid)) return 'invalid_price';
  if (!Number.isFinite(event.timeMs)) return 'invalid_time';
  return undefined;
}
