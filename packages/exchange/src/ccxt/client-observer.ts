import { errorClassOf } from '../error-class.ts';
import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import type { MessageFormat } from '../format/description.ts';
import type { Clocks } from '../socket/clocks.ts';
import { ConnectionObserver } from '../socket/connection-observer.ts';
import { MethodPatches } from '../socket/method-patches.ts';
import { closeReason, payloadBytes } from '../socket/web-socket-like.ts';
import type { CcxtClient } from './ccxt-exchange.ts';

/** Observes one WebSocket client of ccxt, which parses its messages itself: nothing is parsed twice. */
export class ClientObserver {
  readonly #connection: ConnectionObserver;
  readonly #patches = new MethodPatches();
  readonly #ended: () => void;
  #errorType: string | undefined;

  constructor(
    telemetry: ExchangeInstrumentation,
    exchange: string,
    format: MessageFormat | undefined,
    clocks: Clocks,
    /** ccxt makes a new client for every connection: this one is done with. */
    ended: () => void,
  ) {
    this.#ended = ended;
    this.#connection = new ConnectionObserver(telemetry, exchange, format, clocks);
  }

  patch(client: CcxtClient): void {
    if (client.isConnected === true) this.#connection.opened();
    this.#patchMessages(client);
    this.#patchLife(client);
  }

  restore(): void {
    this.#patches.restore();
  }

  #patchMessages(client: CcxtClient): void {
    const connection = this.#connection;
    this.#patches.beside(client, 'onMessage', (event) => connection.received(payloadBytes(event?.data)));
    this.#patches.beside(
      client,
      'onMessageCallback',
      (_, message) => connection.begun(message),
      () => connection.ended(),
    );
  }

  #patchLife(client: CcxtClient): void {
    this.#patches.around(client, 'onConnectedCallback', (proceed) => {
      this.#connection.opened();
      return proceed();
    });
    this.#patches.around(client, 'onErrorCallback', (proceed, [, error]) => {
      const type = errorClassOf(error);
      // What no class tells, the code of the close may.
      this.#errorType = type === '_OTHER' ? undefined : type;
      return proceed();
    });
    this.#patches.around(client, 'onCloseCallback', (proceed, [of, event]) => {
      this.#closed(event, of);
      return proceed();
    });
  }

  /** `exchange.close()` leaves its error on the client before it closes: that is no loss. */
  #closed(event: unknown, client: unknown): void {
    const error = (client as { error?: unknown } | undefined)?.error;
    if (errorClassOf(error) === 'ExchangeClosedByUser') this.#connection.closed(undefined);
    else this.#connection.closed(this.#errorType ?? closeReason((event as { code?: unknown } | undefined)?.code));
    this.#errorType = undefined;
    this.#ended();
  }
}
