import type { NewOrder, OrderEvent } from '../exchange/order.ts';
import type { WireMessage } from '../exchange/protocol.ts';
import type { Venue } from '../exchange/venue.ts';
import { ApiError, apiErrorOf } from './api-error.ts';

/** Orders remembered for questions about them; the oldest are forgotten first. */
const ORDERS_MAX = 10_000;

interface Fill {
  readonly price: string;
  readonly qty: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly tradeId: number;
}

/** An order, as the API tells it. */
interface Order {
  readonly numericId: number;
  readonly request: NewOrder;
  readonly clientOrderId: string;
  status: 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED';
  executedQuantity: number;
  quoteQuantity: number;
  timeMs: number;
  readonly fills: Fill[];
}

/** A call that waits for the exchange's first word on an order. */
interface Waiting {
  readonly resolve: (answer: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: ApiError) => void;
  /** A cancel is answered by the order's end, not by a fill on the way. */
  readonly cancels: boolean;
}

/** Orders of the API's one account, matched by a {@link Venue}. */
export class Orders {
  readonly #venue: Venue;
  readonly #originMs: number;
  readonly #byId = new Map<string, Order>();
  readonly #waiting = new Map<string, Waiting>();
  #lastId = 0;

  constructor(venue: Venue, originMs: number) {
    this.#venue = venue;
    this.#originMs = originMs;
  }

  /** Rejects with an {@link ApiError} when the exchange refuses. */
  place(
    request: Omit<NewOrder, 'orderId'>,
    clientOrderId: string,
    timeMs: number,
  ): Promise<Readonly<Record<string, unknown>>> {
    const numericId = ++this.#lastId;
    const order = { ...request, orderId: String(numericId) };
    this.#remember({
      numericId,
      request: order,
      clientOrderId,
      status: 'NEW',
      executedQuantity: 0,
      quoteQuantity: 0,
      timeMs,
      fills: [],
    });
    this.#venue.accept({ method: 'order.place', timeMs, order });
    return this.#wait(order.orderId, false);
  }

  cancel(symbol: string, orderId: string, timeMs: number): Promise<Readonly<Record<string, unknown>>> {
    this.find(orderId);
    this.#venue.accept({ method: 'order.cancel', timeMs, symbol, orderId });
    return this.#wait(orderId, true);
  }

  /** @throws ApiError when the order is not known. */
  find(orderId: string): Readonly<Record<string, unknown>> {
    const order = this.#byId.get(orderId);
    if (order === undefined) throw new ApiError(400, -2013, 'Order does not exist.');
    return this.#answerOf(order);
  }

  /** Takes what the venue reports, and answers the calls that waited for it. */
  take(reports: readonly WireMessage[]): void {
    const settled = new Set<string>();
    for (const report of reports) {
      if (report.e !== 'executionReport') continue;
      this.#apply(report.x);
      settled.add(report.x.orderId);
    }
    for (const orderId of settled) this.#answer(orderId);
  }

  #apply(event: OrderEvent): void {
    const order = this.#byId.get(event.orderId);
    if (order === undefined) return;
    order.timeMs = event.timeMs;
    if (event.event === 'reject' || event.event === 'cancelReject') {
      if (event.event === 'reject') this.#byId.delete(event.orderId);
      this.#refuse(event.orderId, apiErrorOf(event.reason));
    } else if (event.event === 'fill') {
      order.executedQuantity += event.quantity;
      order.quoteQuantity += event.quantity * event.price;
      order.status = event.remaining > 0 ? 'PARTIALLY_FILLED' : 'FILLED';
      order.fills.push({
        price: String(event.price),
        qty: String(event.quantity),
        commission: String(event.fee),
        commissionAsset: event.feeCurrency,
        tradeId: order.fills.length + 1,
      });
    } else if (event.event === 'cancel') order.status = 'CANCELED';
    else if (event.event === 'expire') order.status = 'EXPIRED';
  }

  #answer(orderId: string): void {
    const waiting = this.#waiting.get(orderId);
    const order = this.#byId.get(orderId);
    if (waiting === undefined || order === undefined) return;
    if (waiting.cancels && order.status !== 'CANCELED' && order.status !== 'EXPIRED') return;
    this.#waiting.delete(orderId);
    waiting.resolve(this.#answerOf(order));
  }

  #refuse(orderId: string, error: ApiError): void {
    const waiting = this.#waiting.get(orderId);
    this.#waiting.delete(orderId);
    waiting?.reject(error);
  }

  #wait(orderId: string, cancels: boolean): Promise<Readonly<Record<string, unknown>>> {
    return new Promise((resolve, reject) => this.#waiting.set(orderId, { resolve, reject, cancels }));
  }

  #remember(order: Order): void {
    this.#byId.set(order.request.orderId, order);
    if (this.#byId.size <= ORDERS_MAX) return;
    const oldest = this.#byId.keys().next().value;
    if (oldest !== undefined) this.#byId.delete(oldest);
  }

  #answerOf(order: Order): Readonly<Record<string, unknown>> {
    const { request, numericId, clientOrderId, status, executedQuantity, quoteQuantity, timeMs, fills } = order;
    return {
      symbol: request.symbol,
      orderId: numericId,
      orderListId: -1,
      clientOrderId,
      transactTime: Math.round(this.#originMs + timeMs),
      price: String(request.price ?? 0),
      origQty: String(request.quantity),
      executedQty: String(executedQuantity),
      cummulativeQuoteQty: String(quoteQuantity),
      status,
      timeInForce: request.timeInForce === 'GTX' ? 'GTC' : request.timeInForce,
      type: request.type === 'market' ? 'MARKET' : request.timeInForce === 'GTX' ? 'LIMIT_MAKER' : 'LIMIT',
      side: request.side.toUpperCase(),
      fills,
    };
  }
}
