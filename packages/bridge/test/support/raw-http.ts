import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A response as its bytes say. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One TCP connection, written to byte by byte: what no HTTP client would do can be done. */
export class RawHttp {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  readonly closed: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    // A reset ends a connection as well as a goodbye.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  static async open(url: string): Promise<RawHttp> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawHttp(socket);
  }

  write(head: string, body: Uint8Array = new Uint8Array(0)): void {
    this.socket.write(Buffer.concat([Buffer.from(head.replaceAll('\n', '\r\n')), body]));
  }

  /** The next response, whole; interim ones (100) count as responses. */
  async response(): Promise<RawResponse> {
    for (;;) {
      const parsed = this.#parse();
      if (parsed !== undefined) return parsed;
      const event = await Promise.race([
        once(this.socket, 'data').then(() => 'data'),
        this.closed.then(() => 'closed'),
      ]);
      if (event === 'closed') throw new Error('closed before a response was whole');
    }
  }

  #parse(): RawResponse | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
    if (this.#received.length < bodyEnd) return undefined;
    const body = this.#received.subarray(end + 4, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
    return { status: Number(first.split(' ')[1]), headers, body };
  }
}
