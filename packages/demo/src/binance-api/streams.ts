import type { RawData, WebSocket } from 'ws';
import type { StreamMessage } from './stream-messages.ts';

/** Binance takes at most this many streams on one connection. */
const STREAMS_MAX = 1_024;
/** A client that does not read is closed when this much waits for it. */
const BUFFERED_BYTES_MAX = 8 * 1_024 * 1_024;

/** Subscriptions of every connection, and what goes out to them. */
export class Streams {
  readonly #subscriptions = new Map<WebSocket, Set<string>>();

  accept(socket: WebSocket): void {
    this.#subscriptions.set(socket, new Set());
    socket.on('message', (data) => this.#control(socket, data));
    socket.once('close', () => this.#subscriptions.delete(socket));
  }

  /** Serialised once for all who listen. */
  send({ stream, data }: StreamMessage): void {
    let text: string | undefined;
    for (const [socket, streams] of this.#subscriptions) {
      if (!streams.has(stream)) continue;
      text ??= JSON.stringify(data);
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.terminate();
      else socket.send(text);
    }
  }

  /** Cuts every connection without a goodbye. */
  cut(): void {
    for (const socket of this.#subscriptions.keys()) socket.terminate();
  }

  #control(socket: WebSocket, data: RawData): void {
    const request = requestOf(data);
    const streams = this.#subscriptions.get(socket);
    if (request === undefined || streams === undefined) {
      socket.send(JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id: null }));
      return;
    }
    if (request.method === 'SUBSCRIBE' && streams.size + request.params.length > STREAMS_MAX) {
      socket.send(JSON.stringify({ error: { code: 2, msg: `More than ${STREAMS_MAX} streams` }, id: request.id }));
      return;
    }
    for (const stream of request.params) {
      if (request.method === 'SUBSCRIBE') streams.add(stream);
      else streams.delete(stream);
    }
    socket.send(JSON.stringify({ result: null, id: request.id }));
  }
}

interface ControlRequest {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly params: readonly string[];
  readonly id: unknown;
}

function requestOf(data: RawData): ControlRequest | undefined {
  try {
    const { method, params, id } = JSON.parse((data as Buffer).toString()) as Partial<ControlRequest>;
    const valid = Array.isArray(params) && params.every((stream) => typeof stream === 'string');
    return valid && (method === 'SUBSCRIBE' || method === 'UNSUBSCRIBE') ? { method, params, id } : undefined;
  } catch {
    return undefined;
  }
}
