import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import type { MessageFormat } from '../format/description.ts';
import { messageFormatOf } from '../format/formats.ts';
import { type Clocks, SYSTEM_CLOCKS } from './clocks.ts';
import { ConnectionObserver } from './connection-observer.ts';
import { MethodPatches } from './method-patches.ts';
import {
  closeReason,
  type EmittingSocket,
  payloadBytes,
  type StandardSocket,
  type WebSocketLike,
} from './web-socket-like.ts';

export interface WebSocketInstrumentationOptions {
  /** Value of `exchange.name`. */
  readonly exchange: string;
  /**
   * How its messages are read for channel, time and sequence; default: by the exchange's name. `null` reads none, and
   * counts all of them under the channel `message`.
   */
  readonly format?: MessageFormat | null;
  /** Messages above this size are counted without being parsed a second time; default 65,536 bytes. */
  readonly maxParseBytes?: number;
  readonly clocks?: Clocks;
}

/** What can be taken back. */
export interface Instrumented {
  /** Puts everything back as it was; idempotent. Counts stay. */
  unpatch(): void;
}

/** Thrown when a target cannot be instrumented; nothing is thrown later. */
export class InstrumentationTargetError extends TypeError {
  readonly code = 'EXCHANGE_TARGET_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'InstrumentationTargetError';
  }
}

const MAX_PARSE_BYTES = 65_536;

/**
 * Records the messages, connections and losses of one socket: a client of `ws`, or a standard `WebSocket`. The service's
 * listeners run in their order with what they would have got, and what they throw is theirs; of a `ws` client the time
 * they take is recorded as well. No listener for `error` is added, so one that nobody handles still ends the process.
 *
 * @throws InstrumentationTargetError when `socket` has neither `emit` nor `addEventListener`.
 */
export function instrumentWebSocket(
  socket: WebSocketLike,
  telemetry: ExchangeInstrumentation,
  options: WebSocketInstrumentationOptions,
): Instrumented {
  const { exchange, format, clocks = SYSTEM_CLOCKS, maxParseBytes = MAX_PARSE_BYTES } = options;
  const reads = format === undefined ? messageFormatOf(exchange) : (format ?? undefined);
  const observer = new ConnectionObserver(telemetry, exchange, reads, clocks);
  const read = (data: unknown): void => observe(observer, data, maxParseBytes);
  if ('emit' in socket && typeof socket.emit === 'function') return onEmitter(socket, observer, read, clocks);
  if ('addEventListener' in socket && typeof socket.addEventListener === 'function') {
    return onTarget(socket, observer, read);
  }
  throw new InstrumentationTargetError(
    'instrumentWebSocket: the socket has neither emit() nor addEventListener(); pass a client of "ws" or a WebSocket',
  );
}

function onEmitter(
  socket: EmittingSocket,
  observer: ConnectionObserver,
  read: (data: unknown) => void,
  clocks: Clocks,
): Instrumented {
  const patches = new MethodPatches();
  if ((socket as { readyState?: unknown }).readyState === 1) observer.opened();
  patches.around(socket, 'emit', (proceed, args) => {
    if (args[0] !== 'message') {
      if (args[0] === 'open') observer.opened();
      else if (args[0] === 'close') observer.closed(closeReason(args[1]));
      return proceed();
    }
    read(args[1]);
    const startMs = clocks.monotonicMs();
    const heard = proceed();
    observer.handled((clocks.monotonicMs() - startMs) / 1000);
    return heard;
  });
  return { unpatch: () => patches.restore() };
}

function onTarget(socket: StandardSocket, observer: ConnectionObserver, read: (data: unknown) => void): Instrumented {
  if ((socket as { readyState?: unknown }).readyState === 1) observer.opened();
  const listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ['open', () => observer.opened()],
    ['message', (event) => read((event as MessageEvent).data)],
    ['close', (event) => observer.closed(closeReason((event as Event & { code?: unknown }).code))],
  ];
  for (const [type, listener] of listeners) socket.addEventListener(type, listener);
  return {
    unpatch: () => {
      for (const [type, listener] of listeners) socket.removeEventListener(type, listener);
    },
  };
}

function observe(observer: ConnectionObserver, data: unknown, maxParseBytes: number): void {
  const bytes = payloadBytes(data);
  observer.received(bytes);
  observer.describe(observer.describes && bytes <= maxParseBytes ? parsed(data, observer) : undefined);
}

function parsed(data: unknown, observer: ConnectionObserver): unknown {
  try {
    return JSON.parse(textOfPayload(data));
  } catch {
    // Compressed, or no JSON: counted under the channel of what is no market data.
    observer.unreadable();
    return undefined;
  }
}

const decoder = new TextDecoder();

function textOfPayload(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Array.isArray(data)) return Buffer.concat(data as Buffer[]).toString();
  return decoder.decode(data as Uint8Array | ArrayBuffer);
}
