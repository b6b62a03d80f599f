import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { Backoff } from '../client/backoff.ts';
import { PUSH_SUBPROTOCOL, type PushHello, type PushServerMessage } from '../push/messages.ts';
import type { CheckedPublisherOptions, PublisherStatus } from './publisher-options.ts';

/** How long a connection may take to be made and greeted. */
const HELLO_WITHIN_MS = 10_000;

/** What a link tells. */
export interface PushLinkListener {
  onHello(hello: PushHello): void;
  onMessage(message: PushServerMessage): void;
  /** The connection is gone. */
  onLost(): void;
  /** There is room in the socket again. */
  onDrained(): void;
}

/** Keeps a WebSocket to a bridge: dials, notices that it is gone or silent, waits and dials again. */
export class PushLink {
  readonly #options: CheckedPublisherOptions;
  readonly #listener: PushLinkListener;
  readonly #backoff: Backoff;
  #status: PublisherStatus = { state: 'idle', attempts: 0 };
  #socket: WebSocket | undefined;
  /** What `#socket` writes to. */
  #wire: Socket | undefined;
  #heardAtMs = 0;
  #retryAfterMs = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(options: CheckedPublisherOptions, listener: PushLinkListener) {
    this.#options = options;
    this.#listener = listener;
    this.#backoff = new Backoff(options.backoffInitialMs, options.backoffMaxMs, options.random);
  }

  readonly #onSent = (): void => this.#listener.onDrained();

  get status(): PublisherStatus {
    return this.#status;
  }

  /** Bytes that wait in the socket. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  readonly dial = (): void => {
    if (this.#status.state === 'closed') return;
    const { url, token, clock } = this.#options;
    this.#retryAfterMs = 0;
    this.#heardAtMs = clock.monotonic();
    this.#set('connecting');
    this.#watch(HELLO_WITHIN_MS);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, [PUSH_SUBPROTOCOL], { headers, perMessageDeflate: false });
    this.#socket = socket;
    socket.on('upgrade', ({ socket: wire }) => {
      if (socket === this.#socket) this.#wire = wire;
    });
    let reason = 'the connection ended';
    // The close event follows.
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (socket === this.#socket && !isBinary) this.#receive(data.toString('utf8'));
    });
    socket.on('close', (code) => this.#lost(socket, code === 1006 ? reason : `closed with ${code}`));
  };

  send(text: string): void {
    this.#socket?.send(text, this.#onSent);
  }

  /**
   * Sends a whole WebSocket message: without extensions `ws` writes each of its own whole and at once, so that this one stands
   * between two of them, and counts what waits here in `bufferedAmount`. True when the bytes have left and may be written anew.
   */
  sendMessage(message: Buffer): boolean {
    const wire = this.#wire;
    // After the closing frame nothing may follow.
    if (wire === undefined || this.#socket?.readyState !== WebSocket.OPEN) return true;
    wire.write(message, this.#onSent);
    return wire.writableLength === 0;
  }

  /** Ends; resolves when what was sent has left, or the bridge is gone. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = this.#wire = undefined;
    this.#cancelRetry?.();
    this.#cancelWatch?.();
    const wasOpen = this.#status.state === 'open';
    this.#set('closed');
    if (socket === undefined || socket.readyState === socket.CLOSED) return;
    if (!wasOpen) {
      socket.terminate();
      return;
    }
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.close(1000);
    const cancel = this.#options.clock.after(1_000, () => socket.terminate());
    await closed;
    cancel();
  }

  #receive(text: string): void {
    this.#heardAtMs = this.#options.clock.monotonic();
    let message: PushServerMessage;
    try {
      message = JSON.parse(text) as PushServerMessage;
    } catch {
      this.#socket?.terminate();
      return;
    }
    if (message.type === 'hello') {
      this.#backoff.reset();
      this.#set('open');
      this.#watch(this.#options.silenceMs ?? 3 * message.heartbeatMillis);
      this.#listener.onHello(message);
    } else if (message.type === 'goaway') this.#retryAfterMs = message.retryAfterMs;
    else this.#listener.onMessage(message);
  }

  #watch(silenceMs: number): void {
    this.#cancelWatch?.();
    const { clock } = this.#options;
    this.#cancelWatch = clock.after(silenceMs, () => {
      if (clock.monotonic() - this.#heardAtMs >= silenceMs) this.#socket?.terminate();
      else this.#watch(silenceMs);
    });
  }

  #lost(socket: WebSocket, reason: string): void {
    if (socket !== this.#socket) return;
    this.#socket = this.#wire = undefined;
    this.#cancelWatch?.();
    this.#listener.onLost();
    const waitMs = Math.max(this.#retryAfterMs, this.#backoff.next());
    this.#set('waiting', reason);
    this.#cancelRetry = this.#options.clock.after(waitMs, this.dial);
  }

  #set(state: PublisherStatus['state'], reason?: string): void {
    this.#status = { state, attempts: this.#backoff.attempts, ...(reason === undefined ? {} : { reason }) };
    this.#options.onStatus(this.#status);
  }
}
