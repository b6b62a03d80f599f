import type { LiveError } from '../protocol/errors.ts';
import type { SubscriptionFilter } from '../protocol/messages.ts';

/** A subscription of a client. It outlives connections: after a reconnect it is made again. */
export interface LiveSubscription {
  readonly id: number;
  readonly filter: SubscriptionFilter;
  /** Series that matched when the server last confirmed it; undefined until then. */
  readonly matched: number | undefined;
  /** Resolves when the first snapshot is complete in the store; rejects when the server refuses the subscription. */
  readonly ready: Promise<void>;
  /** Ends it. Series of other subscriptions go on. Idempotent. */
  unsubscribe(): void;
}

/** What the client itself knows of a subscription. */
export class SubscriptionState implements LiveSubscription {
  readonly id: number;
  readonly filter: SubscriptionFilter;
  readonly ready: Promise<void>;
  matched: number | undefined;
  stream: number | undefined;
  readonly #unsubscribe: (state: SubscriptionState) => void;
  #resolve: () => void = () => undefined;
  #reject: (error: LiveError) => void = () => undefined;

  constructor(id: number, filter: SubscriptionFilter, unsubscribe: (state: SubscriptionState) => void) {
    this.id = id;
    this.filter = filter;
    this.#unsubscribe = unsubscribe;
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A caller that does not wait still gets no unhandled rejection; onError reports it.
    this.ready.catch(() => undefined);
  }

  unsubscribe(): void {
    this.#unsubscribe(this);
  }

  complete(): void {
    this.#resolve();
  }

  fail(error: LiveError): void {
    this.#reject(error);
  }
}
