import type { Socket } from 'node:net';

/** A connection whose next event can be awaited, within the time allowed. */
export class AwaitedConnection {
  readonly #socket: Socket;
  readonly #timeoutMillis: number;
  readonly #seen = new Set<string>();
  #wake: (() => void) | undefined;
  #unwritten = 0;
  /** Why the connection broke. */
  cause: unknown;

  constructor(socket: Socket, timeoutMillis: number) {
    this.#socket = socket;
    this.#timeoutMillis = timeoutMillis;
    for (const event of ['connect', 'finish', 'end', 'close']) socket.on(event, () => this.#saw(event));
    socket.on('error', (error) => {
      this.cause = error;
      this.#wake?.();
    });
    // A StatsD server answers nothing; what it says all the same is read, so that its end is seen.
    socket.resume();
  }

  /** The server has ended or broken the connection. */
  get over(): boolean {
    return this.cause !== undefined || this.#seen.has('end') || this.#seen.has('close');
  }

  /** Resolves with nothing once the event was seen, or with why it never will be. */
  when(event: string): Promise<unknown> {
    return this.#until(() => this.#seen.has(event));
  }

  /** Resolves with nothing once the kernel has the bytes, or with why it never will. */
  async write(bytes: Buffer): Promise<unknown> {
    if (this.over) return this.cause ?? new Error('the server ended the connection');
    this.#unwritten++;
    this.#socket.write(bytes, () => {
      this.#unwritten--;
      this.#wake?.();
    });
    return this.#until(() => this.#unwritten === 0);
  }

  async #until(done: () => boolean): Promise<unknown> {
    const late = setTimeout(() => {
      this.cause ??= new Error(`no progress within ${this.#timeoutMillis} ms`);
      this.#wake?.();
    }, this.#timeoutMillis);
    try {
      while (!done()) {
        if (this.cause !== undefined) return this.cause;
        if (this.#seen.has('close')) return new Error('the connection was closed');
        // oxlint-disable-next-line no-await-in-loop -- each turn waits for the next event
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      return this.cause;
    } finally {
      clearTimeout(late);
    }
  }

  #saw(event: string): void {
    this.#seen.add(event);
    this.#wake?.();
  }
}
