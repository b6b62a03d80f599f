import { feesOf, type FeeSchedule, type MarketSpec } from '../market/market-spec.ts';
import type { MarketMessage } from '../market/message.ts';
import { SeededRandom } from '../market/seeded-random.ts';
import { MatchingEngine } from './matching-engine.ts';
import type { OrderEvent } from './order.ts';
import type { WireExecution, WireMessage, WireRequest } from './protocol.ts';
import { RateLimiter } from './rate-limiter.ts';

interface Arrival {
  readonly timeMs: number;
  readonly request: WireRequest;
}

/** The order path in milliseconds: a fixed part and an exponential part, each way. */
const TO_EXCHANGE = [0.6, 0.8] as const;
const TO_DESK = [0.4, 0.5] as const;
const ORDER_LIMIT = 300;
const ORDER_WINDOW_MS = 10_000;
const REQUEST_LIMIT = 6_000;
const REQUEST_WINDOW_MS = 60_000;

/** Sums of an exchange's own books. */
export interface VenueTotals {
  fills: number;
  filledQuantity: number;
  fees: Map<string, number>;
  orders: number;
  rejects: number;
}

/** One exchange: its markets' engines, its rate limits, and the order path to and from the desk. */
export class Venue {
  readonly name: string;
  readonly specs: readonly MarketSpec[];
  readonly fees: FeeSchedule;
  readonly totals: VenueTotals = { fills: 0, filledQuantity: 0, fees: new Map(), orders: 0, rejects: 0 };
  readonly #originMs: number;
  readonly #startMs: number;
  readonly #engines: Map<string, MatchingEngine> = new Map();
  readonly #orderLimit: RateLimiter = new RateLimiter('orders_10s', ORDER_LIMIT, ORDER_WINDOW_MS);
  readonly #requestLimit: RateLimiter = new RateLimiter('weight_1m', REQUEST_LIMIT, REQUEST_WINDOW_MS);
  readonly #random: SeededRandom;
  #arrivals: Arrival[] = [];
  #outbox: WireExecution[] = [];
  #lastArrivalMs = 0;
  #lastReportMs = 0;
  #limitsChanged = true;
  #refused = false;
  #closed = false;

  /** `startMs`: market time at which the venue begins, which sets the ids of its fills apart from those of an earlier one. */
  constructor(name: string, specs: readonly MarketSpec[], seed: number, originMs: number, startMs = 0) {
    this.name = name;
    this.specs = specs;
    this.fees = feesOf(name);
    this.#originMs = originMs;
    this.#startMs = startMs;
    this.#lastReportMs = startMs;
    this.#random = new SeededRandom(seed, `order path ${name}`);
    for (const spec of specs) {
      this.#engines.set(spec.symbol, new MatchingEngine(spec, this.fees, (event) => this.#report(event)));
    }
  }

  /** Limits by limiter. */
  get rateLimits(): Readonly<Record<string, number>> {
    return Object.fromEntries([this.#orderLimit, this.#requestLimit].map(({ name, limit }) => [name, limit]));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True when something is still to be matched or told. */
  get busy(): boolean {
    return this.#arrivals.length > 0 || this.#outbox.length > 0;
  }

  /** Market time of the earliest request or report under way; Infinity when there is none. */
  get nextTimeMs(): number {
    const report = this.#outbox[0];
    return Math.min(this.#arrivals[0]?.timeMs ?? Infinity, report ? report.r - this.#originMs : Infinity);
  }

  /** Sends a request of the desk on its way; requests of one connection do not overtake each other. */
  accept(request: WireRequest): void {
    const latencyMs = TO_EXCHANGE[0] + this.#random.exponential(TO_EXCHANGE[1]);
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, request.timeMs + latencyMs);
    this.#arrivals.push({ timeMs: this.#lastArrivalMs, request });
  }

  /** Matches one slice: market data and the requests that arrive before `untilMs`, in the order of time. */
  run(messages: readonly MarketMessage[], untilMs: number): void {
    const arrivals = this.#arrivals;
    let next = 0;
    for (const message of messages) {
      for (; next < arrivals.length && (arrivals[next] as Arrival).timeMs < message.timeMs; next++) {
        this.#serve(arrivals[next] as Arrival);
      }
      this.#engines.get(message.symbol)?.onMarketMessage(message);
    }
    for (; next < arrivals.length && (arrivals[next] as Arrival).timeMs < untilMs; next++) {
      this.#serve(arrivals[next] as Arrival);
    }
    if (next > 0) this.#arrivals = arrivals.slice(next);
  }

  /** Ends the market: resting orders expire, later ones are rejected. */
  close(timeMs: number): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const engine of this.#engines.values()) engine.expireAll(timeMs);
  }

  /** Removes the reports that reach the desk before `untilMs`, and the state of the rate limits when it changed. */
  takeReports(untilMs: number, out: WireMessage[]): void {
    const outbox = this.#outbox;
    let count = 0;
    while (count < outbox.length && (outbox[count] as WireExecution).r - this.#originMs < untilMs) {
      out.push(outbox[count++] as WireExecution);
    }
    if (count > 0) this.#outbox = outbox.slice(count);
    if (!this.#limitsChanged) return;
    this.#limitsChanged = false;
    const r = out.at(-1)?.r ?? this.#originMs + this.#lastReportMs;
    const headers: Record<string, string> = {
      'x-mbx-order-count-10s': String(this.#orderLimit.used),
      'x-mbx-used-weight-1m': String(this.#requestLimit.used),
    };
    if (this.#refused) headers['retry-after'] = String(ORDER_WINDOW_MS / 1000);
    out.push({ e: 'response', status: this.#refused ? 429 : 200, headers, r });
    this.#refused = false;
  }

  #serve({ timeMs, request }: Arrival): void {
    const engine = this.#engines.get(request.method === 'order.place' ? request.order.symbol : request.symbol);
    const admitted = this.#requestLimit.admit(timeMs);
    this.#limitsChanged = true;
    if (!admitted) this.#refused = true;
    if (request.method === 'order.cancel') {
      const { orderId, symbol } = request;
      if (engine && admitted) engine.cancel(orderId, timeMs);
      else {
        const reason = engine ? 'rate_limit' : 'unknown_symbol';
        this.#report({ event: 'cancelReject', orderId, symbol, reason, timeMs });
      }
      return;
    }
    this.totals.orders++;
    const { order } = request;
    const withinLimit = admitted && this.#orderLimit.admit(timeMs);
    if (!withinLimit) this.#refused = true;
    const reason = this.#closed
      ? 'market_closed'
      : engine === undefined
        ? 'unknown_symbol'
        : withinLimit
          ? undefined
          : 'rate_limit';
    if (reason) this.#report({ event: 'reject', orderId: order.orderId, symbol: order.symbol, reason, timeMs });
    else engine?.submit(order, timeMs);
  }

  #report(event: OrderEvent): void {
    const { totals } = this;
    if (event.event === 'fill') {
      if (this.#startMs > 0) event = { ...event, fillId: `${this.#startMs}:${event.fillId}` };
      totals.fills++;
      totals.filledQuantity += event.quantity;
      totals.fees.set(event.feeCurrency, (totals.fees.get(event.feeCurrency) ?? 0) + event.fee);
    } else if (event.event === 'reject') totals.rejects++;
    const latencyMs = TO_DESK[0] + this.#random.exponential(TO_DESK[1]);
    this.#lastReportMs = Math.max(this.#lastReportMs, event.timeMs + latencyMs);
    this.#outbox.push({ e: 'executionReport', x: event, r: this.#originMs + this.#lastReportMs });
  }
}
