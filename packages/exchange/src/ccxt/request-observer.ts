import { errorClassOf } from '../error-class.ts';
import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import type { HeaderSource } from '../rate-limit-headers.ts';
import type { Clocks } from '../socket/clocks.ts';
import type { MethodPatches } from '../socket/method-patches.ts';
import type { CcxtExchange, CcxtThrottler } from './ccxt-exchange.ts';
import type { OrderCalls } from './order-calls.ts';

/** Where nothing tells what a request is for. */
const UNNAMED = 'request';

/** Observes the REST side of one exchange object. */
export class RequestObserver {
  readonly #telemetry: ExchangeInstrumentation;
  readonly #exchange: string;
  readonly #clocks: Clocks;
  readonly #orders: OrderCalls;
  // ccxt signs a request and fetches it without a pause between, so the path of the last one signed is that of the next one fetched.
  #signed: string | undefined;

  constructor(telemetry: ExchangeInstrumentation, exchange: string, clocks: Clocks, orders: OrderCalls) {
    this.#telemetry = telemetry;
    this.#exchange = exchange;
    this.#clocks = clocks;
    this.#orders = orders;
  }

  patch(exchange: CcxtExchange, patches: MethodPatches): void {
    patches.around(exchange, 'sign', (proceed, [path, , method]) => {
      const request = proceed();
      this.#signed = operationOf(path, method);
      return request;
    });
    patches.around(exchange, 'throttle', (proceed, _, { throttler }) => {
      const startMs = this.#clocks.monotonicMs();
      const turn = proceed();
      void this.#followTurn(turn, depthOf(throttler), startMs);
      return turn;
    });
    patches.around(exchange, 'fetch', (proceed) => {
      const operation = this.#orders.current ?? this.#signed ?? UNNAMED;
      this.#signed = undefined;
      const startMs = this.#clocks.monotonicMs();
      const answer = proceed();
      void this.#followAnswer(answer, operation, startMs);
      return answer;
    });
    patches.around(exchange, 'onRestResponse', (proceed, args) => {
      // Headers of this response: `last_response_headers` may be another's when requests overlap.
      this.#responded(args[0], args[4]);
      return proceed();
    });
  }

  // ccxt awaits both promises itself, in the call that asked for them: following one beside it hides no rejection.

  async #followTurn(turn: Promise<unknown>, depth: number, startMs: number): Promise<void> {
    try {
      await turn;
    } catch {
      // The queue was full: ccxt tells its caller, and the wait ended here all the same.
    }
    this.#queued(depth, startMs);
  }

  async #followAnswer(answer: Promise<unknown>, operation: string, startMs: number): Promise<void> {
    try {
      await answer;
      this.#answered(operation, startMs, undefined);
    } catch (error) {
      this.#answered(operation, startMs, errorClassOf(error));
    }
  }

  #queued(depth: number, startMs: number): void {
    const durationSeconds = (this.#clocks.monotonicMs() - startMs) / 1000;
    this.#telemetry.onQueued({ exchange: this.#exchange, depth, durationSeconds });
  }

  #answered(operation: string, startMs: number, errorType: string | undefined): void {
    const durationSeconds = (this.#clocks.monotonicMs() - startMs) / 1000;
    this.#telemetry.onRequest({ exchange: this.#exchange, operation, durationSeconds, errorType });
  }

  #responded(status: unknown, headers: unknown): void {
    if (typeof headers !== 'object' || headers === null || typeof status !== 'number') return;
    const timeMs = this.#clocks.wallMs();
    this.#telemetry.onResponse({ exchange: this.#exchange, status, headers: headers as HeaderSource, timeMs });
  }
}

/** `GET order/{id}`: ccxt's path is a template, so it has few values. */
function operationOf(path: unknown, method: unknown): string {
  return `${typeof method === 'string' ? method : 'GET'} ${typeof path === 'string' ? path : UNNAMED}`;
}

function depthOf(throttler: unknown): number {
  const { queue, queueHead = 0 } = (throttler ?? {}) as CcxtThrottler;
  const depth = (queue?.length ?? 0) - queueHead;
  return Number.isSafeInteger(depth) && depth > 0 ? depth : 0;
}
