import { rmSync } from 'node:fs';
import koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;

/** The receiving end of a Unix datagram socket, read when asked. */
export class UnixDatagrams {
  readonly #fd: number;
  readonly #path: string;
  readonly #recv: (fd: number, bytes: Uint8Array, length: number, flags: number) => number;
  readonly #close: (fd: number) => number;
  readonly #buffer = Buffer.alloc(65_536);

  constructor(path: string) {
    const libc = koffi.load(null);
    const socket = libc.func('int socket(int, int, int)');
    const bind = libc.func('int bind(int, const uint8_t *, uint32_t)');
    this.#recv = libc.func('intptr_t recv(int, _Out_ uint8_t *, size_t, int)');
    this.#close = libc.func('int close(int)');
    this.#path = path;
    this.#fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0) as number;
    const address = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
    address.writeUInt16LE(AF_UNIX, 0);
    address.write(path, 2);
    if ((bind(this.#fd, address, address.length) as number) < 0) throw new Error(`cannot bind ${path}`);
  }

  /** The datagrams that wait. */
  read(): string[] {
    const datagrams: string[] = [];
    for (;;) {
      const length = this.#recv(this.#fd, this.#buffer, this.#buffer.length, 0);
      if (length <= 0) return datagrams;
      datagrams.push(this.#buffer.toString('utf8', 0, length));
    }
  }

  close(): void {
    this.#close(this.#fd);
    rmSync(this.#path, { force: true });
  }
}
