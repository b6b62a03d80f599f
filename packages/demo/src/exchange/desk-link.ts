import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { codeOf, DemoError } from '../errors.ts';
import type {
  BatchFrame,
  ClockFrame,
  EndFrame,
  ErrorFrame,
  HelloFrame,
  SliceFrame,
  WelcomeFrame,
  WireRequest,
} from './protocol.ts';

const TRY_AGAIN_LATER = 1013;
const POLICY_VIOLATION = 1008;
const NORMAL = 1000;
const SERVER_ERROR = 1011;

/**
 * The server's end of the connections of one desk: a clock connection and one per exchange. Collects the requests of a
 * slice and resolves when the desk has answered it.
 */
export class DeskLink {
  readonly ready: Promise<void>;
  readonly #welcome: WelcomeFrame;
  readonly #hellos: ReadonlyMap<string, HelloFrame>;
  readonly #onStop: () => void;
  readonly #sockets: Map<string, WebSocket> = new Map();
  readonly #requests: Map<string, WireRequest[]> = new Map();
  #clock: WebSocket | undefined;
  #announced: Readonly<Record<string, number>> | undefined;
  #slice = -1;
  #resolveSlice: (() => void) | undefined;
  #rejectSlice: ((error: Error) => void) | undefined;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (error: Error) => void = () => undefined;
  #failure: Error | undefined;
  #finished = false;
  #ready = false;

  constructor(welcome: WelcomeFrame, hellos: ReadonlyMap<string, HelloFrame>, onStop: () => void) {
    this.#welcome = welcome;
    this.#hellos = hellos;
    this.#onStop = onStop;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ready.catch(() => undefined);
  }

  /** True once a desk has connected to what it wants. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Takes a new connection; refuses a second one to the same place. */
  accept(socket: WebSocket, request: IncomingMessage): void {
    socket.on('error', () => socket.terminate());
    const path = request.url ?? '';
    if (path === '/clock') return this.#acceptClock(socket);
    const name = /^\/exchange\/([^/?]+)$/.exec(path)?.[1] ?? '';
    const hello = this.#hellos.get(name);
    if (hello === undefined) {
      const names = [...this.#hellos.keys()].join(', ');
      socket.close(POLICY_VIOLATION, `expected /clock or /exchange/ and one of ${names}`.slice(0, 120));
      return;
    }
    if (this.#sockets.has(name)) return socket.close(TRY_AGAIN_LATER, 'a desk is connected');
    this.#sockets.set(name, socket);
    this.#requests.set(name, []);
    socket.on('message', (data) => this.#onRequest(name, socket, data));
    socket.on('close', () => this.#onClose(name));
    socket.send(JSON.stringify(hello));
  }

  /** True while the desk listens to this exchange. */
  connected(exchange: string): boolean {
    return this.#sockets.has(exchange);
  }

  /** Sends one exchange's messages of a slice. */
  sendBatch(exchange: string, frame: BatchFrame): void {
    this.#sockets.get(exchange)?.send(JSON.stringify(frame));
  }

  /** Announces a slice and resolves with the requests decided in it, by exchange. */
  async complete(frame: SliceFrame): Promise<ReadonlyMap<string, readonly WireRequest[]>> {
    if (this.#failure) throw this.#failure;
    this.#slice = frame.slice;
    this.#announced = undefined;
    const answered = new Promise<void>((resolve, reject) => {
      this.#resolveSlice = resolve;
      this.#rejectSlice = reject;
    });
    this.#clock?.send(JSON.stringify(frame));
    await answered;
    const requests = new Map(this.#requests);
    for (const name of requests.keys()) this.#requests.set(name, []);
    return requests;
  }

  /** Closes the connection of an exchange that has no more data. */
  closeExchange(exchange: string): void {
    const socket = this.#sockets.get(exchange);
    this.#sockets.delete(exchange);
    socket?.close(NORMAL, 'end of data');
  }

  /** Tells the desk that nothing follows and closes; with an error, the reason. */
  finish(error?: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    const code = error ? SERVER_ERROR : NORMAL;
    const reason = error ? codeOf(error) : 'end of data';
    const last: EndFrame | ErrorFrame = error
      ? { e: 'error', code: codeOf(error), message: error.message }
      : { e: 'end' };
    this.#clock?.send(JSON.stringify(last));
    for (const socket of this.#sockets.values()) socket.close(code, reason);
    this.#clock?.close(code, reason);
    this.#rejectReady(error ?? new DemoError('exchange_lost', 'the exchange ended before a desk came'));
  }

  #acceptClock(socket: WebSocket): void {
    if (this.#clock) return socket.close(TRY_AGAIN_LATER, 'a desk is connected');
    this.#clock = socket;
    socket.on('message', (data) => this.#onClockFrame(socket, data));
    socket.on('close', () => this.#onClose('clock'));
    socket.send(JSON.stringify(this.#welcome));
  }

  #onClockFrame(socket: WebSocket, data: RawData): void {
    const frame = parse(data) as ClockFrame | undefined;
    if (frame?.e === 'ready') {
      this.#ready = true;
      this.#resolveReady();
    } else if (frame?.e === 'stop') this.#onStop();
    else if (frame?.e === 'done' && frame.slice === this.#slice) {
      this.#announced = frame.requests;
      this.#checkComplete();
    } else socket.close(POLICY_VIOLATION, 'expected ready, stop, or done of the last slice');
  }

  #onRequest(name: string, socket: WebSocket, data: RawData): void {
    const request = parse(data) as WireRequest | undefined;
    const valid =
      (request?.method === 'order.place' && typeof request.order?.orderId === 'string') ||
      (request?.method === 'order.cancel' && typeof request.orderId === 'string');
    if (!request || !valid || !Number.isFinite(request.timeMs)) {
      socket.close(POLICY_VIOLATION, 'expected order.place or order.cancel with timeMs');
      return;
    }
    this.#requests.get(name)?.push(request);
    this.#checkComplete();
  }

  /** Requests and the answer travel on different connections: the answer says how many to wait for. */
  #checkComplete(): void {
    if (this.#announced === undefined) return;
    for (const [name, count] of Object.entries(this.#announced)) {
      if ((this.#requests.get(name)?.length ?? 0) < count) return;
    }
    this.#announced = undefined;
    this.#resolveSlice?.();
  }

  #onClose(name: string): void {
    if (this.#finished || (name !== 'clock' && !this.#sockets.has(name))) return;
    this.#sockets.delete(name);
    const left = new DemoError('exchange_lost', `the desk closed its ${name} connection before the end`);
    this.#failure ??= left;
    this.#rejectReady(left);
    this.#rejectSlice?.(left);
  }
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString());
  } catch {
    // Not JSON: the caller closes the connection with what it expected.
    return undefined;
  }
}
