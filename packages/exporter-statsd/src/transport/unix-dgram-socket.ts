import { StatsdError } from '../errors.ts';

/** What became of one datagram: the kernel has it, the receiver's queue is full, nobody listens, or another error number. */
export type DatagramOutcome = 'sent' | 'full' | 'refused' | { readonly errno: number };

/** A connected Unix datagram socket. */
export interface UnixDatagramSocket {
  /** Hands one datagram to the kernel without waiting. */
  send(bytes: Uint8Array): DatagramOutcome;
  close(): void;
}

/** Makes a socket connected to `path`, or says why it cannot. */
export type UnixDatagramConnect = (path: string) => UnixDatagramSocket | Exclude<DatagramOutcome, 'sent'>;

// Linux's numbers; the address of a Unix socket is its family and the path with a NUL behind it.
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
const ENOENT = 2;
const EAGAIN = 11;
const ENOBUFS = 105;
const ENOTCONN = 107;
const ECONNREFUSED = 111;
const ECONNRESET = 104;
const PATH_LIMIT_BYTES = 107;

/**
 * Loads the C library's socket functions through the optional peer `koffi`: Node.js has no Unix datagram sockets. Rejects
 * with `UNSUPPORTED` where there is no Linux or no koffi.
 */
export async function loadUnixDatagrams(): Promise<UnixDatagramConnect> {
  if (process.platform !== 'linux') {
    throw new StatsdError(
      'UNSUPPORTED',
      `Unix datagram sockets need Linux, this is ${process.platform}; use udp or unix`,
    );
  }
  const koffi = await import('koffi').then(
    (module) => module.default,
    (cause: unknown) => {
      throw new StatsdError('UNSUPPORTED', 'Unix datagram sockets need the package koffi: npm install koffi', {
        cause,
      });
    },
  );
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int, int, int)') as (family: number, type: number, protocol: number) => number;
  const connect = libc.func('int connect(int, const uint8_t *, uint32_t)') as (
    fd: number,
    address: Uint8Array,
    length: number,
  ) => number;
  const send = libc.func('intptr_t send(int, const uint8_t *, size_t, int)') as (
    fd: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
  ) => number;
  const close = libc.func('int close(int)') as (fd: number) => number;

  const failure = (): Exclude<DatagramOutcome, 'sent'> => outcomeOf(koffi.errno());
  return (path) => {
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return failure();
    const address = addressOf(path);
    if (connect(fd, address, address.length) < 0) {
      const reason = failure();
      close(fd);
      return reason;
    }
    return {
      send: (bytes) => (send(fd, bytes, bytes.length, MSG_NOSIGNAL) < 0 ? failure() : 'sent'),
      close: () => void close(fd),
    };
  };
}

/** Throws `INVALID_OPTION` for a path that is empty or too long for a socket's address. */
export function checkedSocketPath(path: string | undefined): string {
  const byteCount = Buffer.byteLength(path ?? '');
  if (path !== undefined && byteCount > 0 && byteCount <= PATH_LIMIT_BYTES && !path.includes('\0')) return path;
  throw new StatsdError(
    'INVALID_OPTION',
    `path is ${JSON.stringify(path)}; the path of a Unix socket, 1 to ${PATH_LIMIT_BYTES} bytes, is needed`,
  );
}

function addressOf(path: string): Buffer {
  const address = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) address.writeUInt16LE(AF_UNIX, 0);
  else address.writeUInt16BE(AF_UNIX, 0);
  address.write(path, 2);
  return address;
}

function outcomeOf(errno: number): Exclude<DatagramOutcome, 'sent'> {
  if (errno === EAGAIN || errno === ENOBUFS) return 'full';
  if (errno === ENOENT || errno === ENOTCONN || errno === ECONNREFUSED || errno === ECONNRESET) return 'refused';
  return { errno };
}
