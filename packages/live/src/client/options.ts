import type { LiveClock } from '../protocol/clock.ts';
import type { FrameError, LiveError } from '../protocol/errors.ts';
import type { LiveFrame } from '../protocol/frame.ts';
import type { Recovery } from '../protocol/messages.ts';
import type { LiveSeries } from '../protocol/series.ts';
import type { LiveSubscription } from './subscription.ts';

/** The part of a WebSocket that a client uses; the global one of browsers and Node 22, and that of `ws`, have it. */
export interface WebSocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
  /** That of `ws`, whose messages then come as they are. */
  on?(event: 'message', listener: (data: Uint8Array<ArrayBuffer>, isBinary: boolean) => void): unknown;
}

/** Makes a WebSocket to a URL. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/**
 * State of a client: `idle` before `connect`, `connecting` until the server's hello, `open`, `waiting` for the next
 * attempt, `closed` for good.
 */
export interface LiveStatus {
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';
  /** While open: the life of the server; series ids are valid within it. */
  readonly epoch?: number;
  /** While waiting: milliseconds to the next attempt. */
  readonly retryInMs?: number;
  /** While waiting: why the connection ended. */
  readonly reason?: string;
  /** Failed attempts since the connection was last open. */
  readonly attempts: number;
}

/** Options of `LiveClient`. Callbacks run synchronously as messages arrive; what they throw is the caller's own error. */
export interface LiveClientOptions {
  /** `ws://host:port/live`; on one machine, with a `WebSocket` that can, `ws+unix:/path/of/socket:/live`. */
  readonly url: string;
  /** Token of this client; it is traded for a ticket at `ticketUrl` before each connection. */
  readonly token?: string;
  /** Default: `/ticket` of the stream's host. */
  readonly ticketUrl?: string;
  /** Gets a ticket for one connection, where the token is not for the client's eyes; instead of `token`. */
  readonly ticket?: () => Promise<string>;
  /** Series announced for the first time in this epoch, before any value of theirs. */
  readonly onDescriptors?: (series: readonly LiveSeries[]) => void;
  /** After the store has taken over the frame's rows. The frame may be kept. */
  readonly onFrame?: (frame: LiveFrame) => void;
  /** Series ids of before are void: the server has been restarted, and the store is empty. */
  readonly onReset?: (epoch: number) => void;
  /** How a lossless subscription went on after a cut. */
  readonly onRecovery?: (subscription: LiveSubscription, recovery: Recovery) => void;
  readonly onStatus?: (status: LiveStatus) => void;
  /** What the server refused, broken connections and malformed messages. The client goes on by itself. */
  readonly onError?: (error: LiveError | FrameError) => void;
  /** Default: the global WebSocket. */
  readonly WebSocket?: WebSocketConstructor;
  /** First ceiling of the wait before reconnecting, milliseconds (default 100). */
  readonly backoffInitialMs?: number;
  /** Last ceiling of it (default 10,000). */
  readonly backoffMaxMs?: number;
  /** Silence after which the connection counts as dead, milliseconds (default 3 × the server's heartbeat). */
  readonly silenceMs?: number;
  /** Largest series id + 1 that the store takes (default 1,000,000): bounds memory whatever the server sends. */
  readonly seriesCapacity?: number;
  readonly clock?: LiveClock;
  /** Uniform in [0, 1) (default Math.random). */
  readonly random?: () => number;
}

/** What a client has received since it was made. */
export interface LiveClientStats {
  readonly frames: number;
  readonly updates: number;
  readonly bytes: number;
  /** Update frames that stand for several because this client was slow. */
  readonly conflatedFrames: number;
  /** Connections after the first. */
  readonly reconnects: number;
  /** Missing sequence numbers, each answered by reconnecting. */
  readonly gaps: number;
  /** Events told to listeners; numbers of events that never came. */
  readonly events: number;
  readonly missedEvents: number;
  /** Rows for series that were never announced. */
  readonly unknownRows: number;
}
