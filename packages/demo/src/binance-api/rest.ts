import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MarketMessage } from '../market/message.ts';
import type { MarketSpec } from '../market/market-spec.ts';
import { RateLimiter } from '../exchange/rate-limiter.ts';
import { newOrderOf, required } from './account-requests.ts';
import { ApiError } from './api-error.ts';
import { exchangeInfoOf } from './exchange-info.ts';
import type { Orders } from './orders.ts';

const BODY_BYTES_MAX = 65_536;
const WEIGHT_LIMIT = 6_000;
const ORDER_LIMIT = 300;

/** What a route has to work with. */
interface Call {
  readonly parameters: URLSearchParams;
  readonly timeMs: number;
}

type Route = (call: Call) => unknown;

/** The REST side of the API: routes, weights and their headers. Signatures are taken as they come: it is a paper account. */
export class Rest {
  readonly #specs: readonly MarketSpec[];
  readonly #orders: Orders;
  readonly #originMs: number;
  readonly #marketTimeMs: () => number;
  readonly #weight = new RateLimiter('REQUEST_WEIGHT', WEIGHT_LIMIT, 60_000);
  readonly #orderCount = new RateLimiter('ORDERS', ORDER_LIMIT, 10_000);
  readonly #touches = new Map<string, Readonly<Record<string, string>>>();
  readonly #routes: Readonly<Record<string, Route>>;

  constructor(specs: readonly MarketSpec[], orders: Orders, originMs: number, marketTimeMs: () => number) {
    this.#specs = specs;
    this.#orders = orders;
    this.#originMs = originMs;
    this.#marketTimeMs = marketTimeMs;
    this.#routes = {
      'GET /api/v3/ping': () => ({}),
      'GET /api/v3/time': ({ timeMs }) => ({ serverTime: this.#unix(timeMs) }),
      'GET /api/v3/exchangeInfo': ({ timeMs }) => exchangeInfoOf(this.#specs, this.#unix(timeMs)),
      'GET /api/v3/ticker/bookTicker': ({ parameters }) => this.#touchOf(required(parameters, 'symbol')),
      'GET /api/v3/order': ({ parameters }) => this.#orders.find(required(parameters, 'orderId')),
      'POST /api/v3/order': ({ parameters, timeMs }) => {
        if (!this.#orderCount.admit(timeMs)) throw new ApiError(429, -1015, 'Too many new orders.');
        const clientOrderId = parameters.get('newClientOrderId') ?? '';
        return this.#orders.place(newOrderOf(parameters), clientOrderId, timeMs);
      },
      'DELETE /api/v3/order': ({ parameters, timeMs }) =>
        this.#orders.cancel(required(parameters, 'symbol'), required(parameters, 'orderId'), timeMs),
    };
  }

  /** Keeps the best prices for `bookTicker`. */
  onMarketMessage(message: MarketMessage): void {
    if (message.channel !== 'bbo') return;
    const { symbol, bidPrice, bidQuantity, askPrice, askQuantity } = message;
    const [bidQty, askQty] = [String(bidQuantity), String(askQuantity)];
    this.#touches.set(symbol, { symbol, bidPrice: String(bidPrice), bidQty, askPrice: String(askPrice), askQty });
  }

  /** Answers one request; what goes wrong is answered too. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await this.#answer(request);
      this.#send(response, 200, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 429) response.setHeader('Retry-After', '10');
      this.#send(response, error.status, { code: error.code, msg: error.message });
    }
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = this.#routes[`${request.method} ${url.pathname}`];
    const parameters = new URLSearchParams(`${url.search.slice(1)}&${await bodyOf(request)}`);
    const timeMs = this.#marketTimeMs();
    if (!this.#weight.admit(timeMs)) throw new ApiError(429, -1003, 'Too much request weight used.');
    if (route === undefined) throw new ApiError(404, -1000, `No such endpoint: ${request.method} ${url.pathname}`);
    return route({ parameters, timeMs });
  }

  #send(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'X-MBX-USED-WEIGHT': this.#weight.used,
      'X-MBX-USED-WEIGHT-1M': this.#weight.used,
      'X-MBX-ORDER-COUNT-10S': this.#orderCount.used,
    });
    response.end(JSON.stringify(body));
  }

  #touchOf(symbol: string): unknown {
    const touch = this.#touches.get(symbol);
    if (touch === undefined) throw new ApiError(400, -1121, 'Invalid symbol.');
    return touch;
  }

  #unix(timeMs: number): number {
    return Math.round(this.#originMs + timeMs);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > BODY_BYTES_MAX) throw new ApiError(413, -1000, 'Request body too large.');
  }
  return body;
}
