import { StatsdError } from '../errors.ts';
import type { PacketSender } from './packet-sender.ts';
import { type StreamFraming, StreamSender } from './stream-sender.ts';
import { UdpSender } from './udp-sender.ts';
import { UnixgramSender } from './unixgram-sender.ts';

/** How lines reach the server. */
export type StatsdTransport = 'udp' | 'tcp' | 'unix' | 'unixgram';

/** All transports, in the order in which messages list them. */
export const STATSD_TRANSPORTS: readonly StatsdTransport[] = ['udp', 'tcp', 'unix', 'unixgram'];

/** Where to and how; what a transport does not need it does not read. */
export interface SenderOptions {
  /** Default `udp`. `unix` is a stream socket, `unixgram` a datagram socket (Linux, with the package `koffi`). */
  readonly transport?: StatsdTransport;
  /** `udp`, `tcp`: name or address of the server. Default `127.0.0.1`. */
  readonly host?: string;
  /** `udp`, `tcp`: its port. Default 8125. */
  readonly port?: number;
  /** `unix`, `unixgram`: path of the server's socket. */
  readonly path?: string;
  /** `tcp`, `unix`: see {@link StreamFraming}. Default `newline`. */
  readonly framing?: StreamFraming;
  /** Most bytes waiting to be sent. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** `udp`: pace of sending. Default 2,000 datagrams per second. */
  readonly packetsPerSecond?: number;
  /** All but `udp`: longest wait for a server that makes no progress. Default 5,000 ms. */
  readonly timeoutMillis?: number;
  /** `tcp`, `unix`: the server's close says that it has read everything. Default true. */
  readonly confirm?: boolean;
  /** Called once when delivery begins to fail. */
  readonly onTrouble?: (error: StatsdError) => void;
}

/** Makes the sender of a transport. Throws `StatsdError` `INVALID_OPTION`. */
export function createSender(options: SenderOptions = {}): PacketSender {
  const { transport = 'udp', path } = options;
  switch (transport) {
    case 'udp':
      return new UdpSender(options);
    case 'tcp': {
      const { path: _, ...rest } = options;
      return new StreamSender(rest);
    }
    case 'unix':
      if (path !== undefined) return new StreamSender({ ...options, path });
      throw new StatsdError('INVALID_OPTION', 'path is missing; transport unix needs the path of the server’s socket');
    case 'unixgram':
      if (path !== undefined) return new UnixgramSender({ ...options, path });
      throw new StatsdError(
        'INVALID_OPTION',
        'path is missing; transport unixgram needs the path of the server’s socket',
      );
    default:
      throw new StatsdError(
        'INVALID_OPTION',
        `transport is "${String(transport)}"; one of ${STATSD_TRANSPORTS.join(', ')} is needed`,
      );
  }
}
