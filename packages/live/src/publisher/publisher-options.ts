import type { LiveClock } from '../protocol/clock.ts';
import { LiveError } from '../protocol/errors.ts';
import { isSocketUrl } from '../protocol/socket-url.ts';

/** State of a publisher: `connecting` until the bridge's hello, `open`, `waiting` for the next attempt, `closed` for good. */
export interface PublisherStatus {
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';
  /** Why the connection ended, or could not be made. */
  readonly reason?: string;
  /** Failed attempts since the connection was last open. */
  readonly attempts: number;
}

/** Options of `LivePublisher`. */
export interface LivePublisherOptions {
  /** `ws://host:port/push`; `wss:` with TLS; `ws+unix:/path/of/socket:/push` to a bridge of this machine. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`; needed by a bridge that has tokens, or is on another machine. */
  readonly token?: string;
  /** Most series; `register` returns -1 beyond it (default 100,000). */
  readonly seriesLimit?: number;
  /** Bytes that may wait in the socket; beyond it frames wait, and carry the values of then (default 1 MiB). */
  readonly bufferedBytes?: number;
  /** Events kept while there is no connection; beyond it the oldest are dropped (default 1,000). */
  readonly eventLimit?: number;
  /** First wait before connecting again, milliseconds; it doubles, fully jittered (default 50). */
  readonly backoffInitialMs?: number;
  /** Longest wait, milliseconds (default 5,000). */
  readonly backoffMaxMs?: number;
  /** Milliseconds of silence after which the connection counts as dead (default: 3 heartbeats of the bridge). */
  readonly silenceMs?: number;
  readonly clock?: LiveClock;
  readonly random?: () => number;
  readonly onStatus?: (status: PublisherStatus) => void;
}

export type CheckedPublisherOptions = Required<Omit<LivePublisherOptions, 'token' | 'silenceMs'>> &
  Pick<LivePublisherOptions, 'token' | 'silenceMs'>;

/**
 * Fills in defaults and checks ranges.
 *
 * @throws LiveError `invalid_option`, naming the option.
 */
export function checkedPublisherOptions(options: LivePublisherOptions, clock: LiveClock): CheckedPublisherOptions {
  const { url, token, silenceMs } = options;
  if (!isSocketUrl(url) && !(URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol))) {
    const expected = 'ws://127.0.0.1:8080/push or ws+unix:/run/nanometer/bridge.sock:/push';
    throw new LiveError('invalid_option', `url is "${url}", expected one like ${expected}`);
  }
  return {
    url,
    ...(token === undefined ? {} : { token }),
    ...(silenceMs === undefined ? {} : { silenceMs: atLeast('silenceMs', silenceMs, 1) }),
    seriesLimit: atLeast('seriesLimit', options.seriesLimit ?? 100_000, 1),
    bufferedBytes: atLeast('bufferedBytes', options.bufferedBytes ?? 1_048_576, 1),
    eventLimit: atLeast('eventLimit', options.eventLimit ?? 1_000, 0),
    backoffInitialMs: atLeast('backoffInitialMs', options.backoffInitialMs ?? 50, 0),
    backoffMaxMs: atLeast('backoffMaxMs', options.backoffMaxMs ?? 5_000, 0),
    clock: options.clock ?? clock,
    random: options.random ?? Math.random,
    onStatus: options.onStatus ?? (() => undefined),
  };
}

function atLeast(name: string, value: number, least: number): number {
  if (value >= least && value <= 0x7fff_ffff) return value;
  throw new LiveError('invalid_option', `${name} is ${value}, expected a number from ${least} to 2147483647`);
}
