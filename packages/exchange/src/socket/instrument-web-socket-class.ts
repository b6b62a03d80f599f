import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import { instrumentWebSocket, type WebSocketInstrumentationOptions } from './instrument-web-socket.ts';
import type { WebSocketLike } from './web-socket-like.ts';

export interface WebSocketClassOptions extends Omit<WebSocketInstrumentationOptions, 'exchange'> {
  /** Host (`stream.binance.com`, or with its port) → `exchange.name`. Connections to other hosts are left alone. */
  readonly hosts: Readonly<Record<string, string>>;
}

/**
 * A class that makes the same sockets as `WebSocketClass`, each instrumented when its host is one of `hosts`. It passes
 * `instanceof`, and has the statics of the original, which is not touched.
 *
 * ```ts
 * const Socket = instrumentWebSocketClass(WebSocket, telemetry, { hosts: { 'stream.binance.com': 'binance' } });
 * ```
 */
export function instrumentWebSocketClass<T extends new (url: string | URL, ...rest: never[]) => WebSocketLike>(
  WebSocketClass: T,
  telemetry: ExchangeInstrumentation,
  options: WebSocketClassOptions,
): T {
  const { hosts, ...shared } = options;
  return new Proxy(WebSocketClass, {
    construct(target, args, newTarget): object {
      const socket = Reflect.construct(target, args, newTarget) as WebSocketLike;
      const exchange = exchangeOf(args[0], hosts);
      if (exchange !== undefined) instrumentWebSocket(socket, telemetry, { ...shared, exchange });
      return socket;
    },
  });
}

function exchangeOf(url: unknown, hosts: Readonly<Record<string, string>>): string | undefined {
  try {
    const { host, hostname } = new URL(String(url));
    return hosts[host] ?? hosts[hostname];
  } catch {
    // The class has said already what it thinks of such a URL.
    return undefined;
  }
}
