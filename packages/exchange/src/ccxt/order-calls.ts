import { AsyncLocalStorage } from 'node:async_hooks';
import type { MethodPatches } from '../socket/method-patches.ts';
import type { CcxtExchange } from './ccxt-exchange.ts';

/** ccxt's methods that act on orders, and the operation each of them is. */
const OPERATIONS: Readonly<Record<string, string>> = {
  createOrder: 'order.create',
  createOrders: 'order.create_batch',
  editOrder: 'order.edit',
  cancelOrder: 'order.cancel',
  cancelOrders: 'order.cancel_batch',
  cancelAllOrders: 'order.cancel_all',
};

/**
 * Tells a request which order call it belongs to. The call may load markets and wait for its turn before it sends, so
 * the operation travels in the asynchronous context: ccxt's promises are neither wrapped nor observed for it.
 */
export class OrderCalls {
  readonly #context = new AsyncLocalStorage<string>();

  constructor(exchange: CcxtExchange, patches: MethodPatches) {
    const target = exchange as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const [method, operation] of Object.entries(OPERATIONS)) {
      // editOrder may cancel and create through these same methods: the outer call names the operation.
      patches.around(target, method, (proceed) =>
        this.current === undefined ? this.#context.run(operation, proceed) : proceed(),
      );
    }
  }

  /** The operation of the order call that is under way, if there is one. */
  get current(): string | undefined {
    return this.#context.getStore();
  }
}
