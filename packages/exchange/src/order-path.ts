import { isName } from '@nanometer/instrumentation';

/** What is remembered of an order on its way; Unix milliseconds, NaN for what has not happened. */
export interface OrderTimes {
  readonly exchange: string;
  readonly sentMs: number;
  ackMs: number;
  cancelMs: number;
  isFilled: boolean;
}

/**
 * The orders that are on their way, by exchange and the service's id; at most `limit`, beyond which the oldest is
 * forgotten. Ids are only kept here and never become attributes.
 */
export class OrderPath {
  readonly #limit: number;
  readonly #orders = new Map<string, OrderTimes>();
  #forgotten = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Orders forgotten before they ended. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get size(): number {
    return this.#orders.size;
  }

  /** False for an id that is none, or that is on its way already. */
  add(exchange: string, orderId: string, sentMs: number): boolean {
    const key = keyOf(exchange, orderId);
    if (key === undefined || this.#orders.has(key)) return false;
    if (this.#orders.size >= this.#limit) this.#forgetOldest();
    this.#orders.set(key, { exchange, sentMs, ackMs: Number.NaN, cancelMs: Number.NaN, isFilled: false });
    return true;
  }

  get(exchange: string, orderId: string): OrderTimes | undefined {
    const key = keyOf(exchange, orderId);
    return key === undefined ? undefined : this.#orders.get(key);
  }

  remove(exchange: string, orderId: string): void {
    const key = keyOf(exchange, orderId);
    if (key !== undefined) this.#orders.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#orders.keys()) {
      this.#orders.delete(key);
      this.#forgotten++;
      return;
    }
  }
}

/** The length comes first, so that no two pairs make one key. */
function keyOf(exchange: string, orderId: unknown): string | undefined {
  return isName(orderId) ? `${exchange.length}:${exchange}${orderId}` : undefined;
}
