import type { LiveClock } from '../protocol/clock.ts';
import { FrameError, LiveError } from '../protocol/errors.ts';
import { inflateFrame, isCompressed } from '../protocol/inflate-frame.ts';
import { SUBPROTOCOL, TICKET_PROTOCOL_PREFIX } from '../protocol/messages.ts';
import { isSocketUrl } from '../protocol/socket-url.ts';
import type { HelloMessage } from '../protocol/messages.ts';
import { Backoff } from './backoff.ts';
import type { LiveClientOptions, LiveStatus, WebSocketConstructor, WebSocketLike } from './options.ts';
import { Outbox } from './outbox.ts';
import { fetchTicket, ticketUrlOf } from './ticket.ts';

type Received = string | ArrayBuffer | Uint8Array<ArrayBuffer>;
type MessageHandler = (data: Received, wireBytes: number) => void;

const TEXT = new TextDecoder();
/** How long a connection may take to be made and greeted. */
const HELLO_WITHIN_MS = 10_000;

/**
 * Keeps a WebSocket to one URL: dials, notices that it is gone or silent, waits and dials again.
 * `onMessage` gets each message, frames uncompressed, with its bytes on the wire; a `LiveError` or `FrameError` that it
 * throws ends the connection.
 */
export class Link {
  readonly #options: LiveClientOptions;
  readonly #Socket: WebSocketConstructor;
  readonly #clock: LiveClock;
  readonly #onMessage: MessageHandler;
  readonly #backoff: Backoff;
  #status: LiveStatus = { state: 'idle', attempts: 0 };
  #socket: WebSocketLike | undefined;
  #outbox: Outbox | undefined;
  /** Messages that wait for a compressed one before them; undefined while none is being inflated. */
  #behind: Received[] | undefined;
  #heardAtMs = NaN;
  /** Tells a ticket that comes too late. */
  #attempt = 0;
  #retryAfterMs = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  /** @throws LiveError `invalid_option`. */
  constructor(options: LiveClientOptions, clock: LiveClock, onMessage: MessageHandler) {
    const Socket = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
    if (Socket === undefined) {
      throw new LiveError(
        'invalid_option',
        'there is no global WebSocket here; give `WebSocket`, such as that of `ws`',
      );
    }
    if (!URL.canParse(options.url)) {
      throw new LiveError('invalid_option', `url is "${options.url}", expected one like ws://127.0.0.1:8080/live`);
    }
    const { token, ticket, ticketUrl } = options;
    if (isSocketUrl(options.url) && token !== undefined && ticket === undefined && ticketUrl === undefined) {
      const instead = 'give `ticketUrl` or `ticket`, or a `WebSocket` that sends the token as its header Authorization';
      throw new LiveError('invalid_option', `no ticket can be asked for over a Unix socket; ${instead}`);
    }
    this.#options = options;
    this.#Socket = Socket;
    this.#clock = clock;
    this.#onMessage = onMessage;
    const { backoffInitialMs = 100, backoffMaxMs = 10_000, random = Math.random } = options;
    this.#backoff = new Backoff(backoffInitialMs, backoffMaxMs, random);
  }

  get status(): LiveStatus {
    return this.#status;
  }

  get silenceMs(): number | undefined {
    return Number.isNaN(this.#heardAtMs) ? undefined : this.#clock.monotonic() - this.#heardAtMs;
  }

  readonly dial = (): void => {
    this.#retryAfterMs = 0;
    this.#heardAtMs = this.#clock.monotonic();
    this.#setStatus({ state: 'connecting', attempts: this.#backoff.attempts });
    this.#watch(HELLO_WITHIN_MS);
    const ticket = this.#ticket();
    if (ticket === undefined) {
      this.#connect([SUBPROTOCOL]);
      return;
    }
    void this.#connectWith(ticket);
  };

  /** Connects with a ticket that is on its way, unless the client gives up on it first. */
  async #connectWith(ticket: Promise<string>): Promise<void> {
    const attempt = ++this.#attempt;
    let text: string;
    try {
      text = await ticket;
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#lost(
        error instanceof LiveError ? error : new LiveError('connection_failed', `no ticket: ${String(error)}`),
      );
      return;
    }
    if (attempt === this.#attempt) this.#connect([SUBPROTOCOL, `${TICKET_PROTOCOL_PREFIX}${text}`]);
  }

  /** The server has said hello: messages may be sent, at the rate it allows. */
  greeted(hello: HelloMessage): void {
    const socket = this.#socket;
    const { messagesPerSecond, messageBurst } = hello.limits;
    this.#outbox = new Outbox(messagesPerSecond, messageBurst, this.#clock, (text) => socket?.send(text));
    this.#backoff.reset();
    this.#watch(this.#options.silenceMs ?? 3 * hello.heartbeatMillis);
  }

  open(epoch: number): void {
    this.#setStatus({ state: 'open', epoch, attempts: 0 });
  }

  send(text: string): void {
    this.#outbox?.push(text);
  }

  /** Waits at least this long before the next attempt, as the server has asked. */
  retryAfter(retryAfterMs: number): void {
    this.#retryAfterMs = retryAfterMs;
  }

  close(): void {
    this.#drop();
    this.#cancelRetry?.();
    this.#setStatus({ state: 'closed', attempts: 0 });
  }

  /** A ticket for the next connection; undefined when none is needed. */
  #ticket(): Promise<string> | undefined {
    const { url, token, ticket, ticketUrl } = this.#options;
    if (ticket !== undefined) return ticket();
    return token === undefined ? undefined : fetchTicket(ticketUrl ?? ticketUrlOf(url), token);
  }

  #connect(protocols: string[]): void {
    const { url } = this.#options;
    let socket: WebSocketLike;
    try {
      socket = new this.#Socket(url, protocols);
    } catch (error) {
      this.#lost(new LiveError('connection_failed', `cannot connect to ${url}: ${(error as Error).message}`));
      return;
    }
    this.#socket = socket;
    this.#hear(socket);
    // The close event follows and says more.
    socket.onerror = () => undefined;
    socket.onclose = (event: { code?: number; reason?: string }) => {
      const reason = event.reason === undefined || event.reason === '' ? '' : ` (${event.reason})`;
      const text = `connection to ${url} ended with code ${event.code ?? 'unknown'}${reason}`;
      this.#lost(new LiveError('connection_failed', text));
    };
  }

  /** `ws` tells its own listeners without an event object and without a copy of the message (bench/receive.bench.js). */
  #hear(socket: WebSocketLike): void {
    if (socket.on === undefined) {
      socket.binaryType = 'arraybuffer';
      socket.onmessage = (event: { data: string | ArrayBuffer }) => this.#receive(event.data);
      return;
    }
    socket.on('message', (data, isBinary) => {
      if (socket === this.#socket) this.#receive(isBinary ? data : TEXT.decode(data));
    });
  }

  #receive(data: Received): void {
    this.#heardAtMs = this.#clock.monotonic();
    if (this.#behind !== undefined) this.#behind.push(data);
    else if (typeof data !== 'string' && isCompressed(data)) void this.#inflate(data);
    else this.#deliver(data, data);
  }

  /** Delivers a compressed frame and then what came while it was inflated, in order. */
  async #inflate(first: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<void> {
    const socket = this.#socket;
    const behind: Received[] = [first];
    this.#behind = behind;
    for (let data = behind.shift(); data !== undefined; data = behind.shift()) {
      let plain: Received = data;
      if (typeof data !== 'string' && isCompressed(data)) {
        try {
          plain = await inflateFrame(data);
        } catch (error) {
          if (this.#socket === socket) this.#lost(error as FrameError);
          return;
        }
      }
      if (this.#socket !== socket) return;
      this.#deliver(plain, data);
    }
    if (this.#behind === behind) this.#behind = undefined;
  }

  #deliver(data: Received, wire: Received): void {
    try {
      this.#onMessage(data, typeof wire === 'string' ? wire.length : wire.byteLength);
    } catch (error) {
      // What the caller's own callbacks throw is not ours to swallow.
      if (!(error instanceof FrameError) && !(error instanceof LiveError)) throw error;
      this.#lost(error);
    }
  }

  #lost(error: LiveError | FrameError): void {
    this.#drop();
    this.#options.onError?.(error);
    // The handler may have closed the client.
    if (this.#status.state === 'closed') return;
    const retryInMs = this.#retryAfterMs + this.#backoff.next();
    this.#cancelRetry = this.#clock.after(retryInMs, this.dial);
    this.#setStatus({ state: 'waiting', attempts: this.#backoff.attempts, retryInMs, reason: error.message });
  }

  /** Lets go of the socket at once: a half-open one may take minutes to close. */
  #drop(): void {
    this.#attempt += 1;
    this.#behind = undefined;
    this.#cancelWatch?.();
    this.#outbox?.close();
    this.#outbox = undefined;
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = () => undefined;
    socket.close();
  }

  /** Checks for silence: one timer per interval rather than one per message. */
  #watch(limitMs: number): void {
    this.#cancelWatch?.();
    const left = limitMs - (this.#clock.monotonic() - this.#heardAtMs);
    this.#cancelWatch = this.#clock.after(Math.max(1, left), () => {
      const silence = this.#clock.monotonic() - this.#heardAtMs;
      if (silence < limitMs) this.#watch(limitMs);
      else {
        const text = `nothing heard from ${this.#options.url} for ${Math.round(silence)} ms`;
        this.#lost(new LiveError('heartbeat_lost', text));
      }
    });
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status);
  }
}
