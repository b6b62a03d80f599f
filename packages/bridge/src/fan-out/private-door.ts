import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';

/*
 * What a connection through the door begins with, before its first byte of HTTP:
 *
 *   ├─ secret, 32 bytes ─┼ length u8 ┼─ address of the client, ASCII ─┤
 *
 * The address stands outside of HTTP, so nothing that a client sends can be taken for it, and without the secret, which only this
 * process knows, other programs of the machine do not get in.
 */
const SECRET_BYTES = 32;
const HOST = '127.0.0.1';
/** Longest that a connection may take to begin. */
const PREFACE_WITHIN_MS = 5000;

/** How the worker reaches the door. */
export interface DoorKey {
  readonly port: number;
  readonly secret: Uint8Array;
}

/** Connects to the bridge's own server on behalf of a client. */
export function connectThrough({ port, secret }: DoorKey, clientAddress: string): Socket {
  const socket = connect({ host: HOST, port, noDelay: true });
  socket.write(Buffer.concat([secret, Buffer.from([clientAddress.length]), Buffer.from(clientAddress, 'latin1')]));
  return socket;
}

/**
 * The way from the worker, which has the public port, to the server that answers all but the stream. Connections are handed to that
 * server as if it had accepted them from the client itself.
 */
export class PrivateDoor {
  readonly key: DoorKey;
  readonly #listener: NetServer;
  readonly #sockets = new Set<Socket>();

  private constructor(listener: NetServer, secret: Uint8Array) {
    this.#listener = listener;
    this.key = { port: (listener.address() as AddressInfo).port, secret };
  }

  static async open(server: Server): Promise<PrivateDoor> {
    const secret = randomBytes(SECRET_BYTES);
    // As an HTTP server has it: who has sent a request may end its half and wait for the answer.
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    listener.listen(0, HOST);
    await once(listener, 'listening');
    const door = new PrivateDoor(listener, secret);
    listener.on('connection', (socket) => door.#admit(socket, server));
    return door;
  }

  /** Ends all that came through. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#listener.close(() => resolve()));
  }

  #admit(socket: Socket, server: Server): void {
    this.#sockets.add(socket);
    const timer = setTimeout(() => socket.destroy(), PREFACE_WITHIN_MS);
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
    });
    let addressLength = -1;
    const onReadable = (): void => {
      if (addressLength < 0) {
        const head = read(socket, SECRET_BYTES + 1);
        if (head === undefined) return;
        if (!timingSafeEqual(head.subarray(0, SECRET_BYTES), this.key.secret)) {
          socket.destroy();
          return;
        }
        addressLength = head[SECRET_BYTES]!;
      }
      const address = addressLength === 0 ? Buffer.alloc(0) : read(socket, addressLength);
      if (address === undefined) return;
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('error', ignore);
      Object.defineProperty(socket, 'remoteAddress', { value: address.toString('latin1') });
      server.emit('connection', socket);
    };
    socket.on('readable', onReadable);
  }
}

/** Exactly so many bytes; undefined when they are not there yet, or never will be. */
function read(socket: Socket, length: number): Buffer | undefined {
  const bytes = socket.read(length) as Buffer | null;
  if (bytes === null) return undefined;
  if (bytes.length === length) return bytes;
  socket.destroy();
  return undefined;
}
