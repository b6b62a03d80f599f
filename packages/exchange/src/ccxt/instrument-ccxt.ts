import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import type { MessageFormat } from '../format/description.ts';
import { messageFormatOf } from '../format/formats.ts';
import { type Clocks, SYSTEM_CLOCKS } from '../socket/clocks.ts';
import { type Instrumented, InstrumentationTargetError } from '../socket/instrument-web-socket.ts';
import { MethodPatches } from '../socket/method-patches.ts';
import type { CcxtClient, CcxtExchange } from './ccxt-exchange.ts';
import { ClientObserver } from './client-observer.ts';
import { OrderCalls } from './order-calls.ts';
import { RequestObserver } from './request-observer.ts';

export interface CcxtInstrumentationOptions {
  /** Value of `exchange.name`; default the exchange's `id`. */
  readonly exchange?: string;
  /** How its socket messages are read; default by the exchange's name. `null` counts without reading. */
  readonly format?: MessageFormat | null;
  readonly clocks?: Clocks;
}

const REQUIRED = ['sign', 'fetch', 'throttle', 'onRestResponse', 'client'] as const;
const instrumented = new WeakMap<object, Instrumented>();

/**
 * Records everything an exchange object of ccxt does, over REST and WebSocket: requests by operation with the class of
 * their error, rate limits from response headers, waiting in ccxt's own limiter, connections and their losses, and of every
 * socket message its size, channel, delay, sequence and the time ccxt takes to handle it.
 *
 * Methods of this object are wrapped, not those of its class. Every wrapped method returns the promise, and throws the
 * error, that it would have; nothing waits for telemetry. A second call for the same object changes nothing.
 *
 * @throws InstrumentationTargetError when the object lacks a method of ccxt 4 that is wrapped; then nothing is changed.
 */
export function instrumentCcxt(
  exchange: CcxtExchange,
  telemetry: ExchangeInstrumentation,
  options: CcxtInstrumentationOptions = {},
): Instrumented {
  const known = instrumented.get(exchange);
  if (known !== undefined) return known;
  const missing = REQUIRED.filter((name) => typeof exchange?.[name] !== 'function');
  if (missing.length > 0) {
    throw new InstrumentationTargetError(
      `instrumentCcxt: the object has no ${missing.join('(), no ')}(); pass an exchange of ccxt 4, as new ccxt.binance()`,
    );
  }
  const { exchange: name = exchange.id, clocks = SYSTEM_CLOCKS } = options;
  const format = options.format === undefined ? messageFormatOf(name) : (options.format ?? undefined);
  const patches = new MethodPatches();
  new RequestObserver(telemetry, name, clocks, new OrderCalls(exchange, patches)).patch(exchange, patches);
  const clients = new Set<ClientObserver>();
  patchClients(exchange, patches, (client) => {
    const observer = new ClientObserver(telemetry, name, format, clocks, () => clients.delete(observer));
    clients.add(observer);
    observer.patch(client);
  });
  const handle: Instrumented = {
    unpatch: () => {
      patches.restore();
      for (const observer of clients) observer.restore();
      clients.clear();
      instrumented.delete(exchange);
    },
  };
  instrumented.set(exchange, handle);
  return handle;
}

/** Every client, whether it is made later or there already, is observed once. */
function patchClients(exchange: CcxtExchange, patches: MethodPatches, observe: (client: CcxtClient) => void): void {
  const seen = new WeakSet<object>();
  const see = (client: unknown): void => {
    if (typeof client !== 'object' || client === null || seen.has(client)) return;
    seen.add(client);
    observe(client as CcxtClient);
  };
  const { clients } = exchange as { clients?: Readonly<Record<string, unknown>> };
  for (const client of Object.values(clients ?? {})) see(client);
  patches.around(exchange, 'client', (proceed) => {
    const client = proceed();
    see(client);
    return client;
  });
}
