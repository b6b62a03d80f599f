import type { LiveErrorCode } from './errors.ts';
import type { LiveEvent } from './event.ts';
import type { LiveSeries, SeriesField } from './series.ts';

/** What one attribute of a series must be: equal to a value, one of several, or a string with a prefix. */
export type AttributeFilter =
  string | number | boolean | readonly (string | number | boolean)[] | { readonly prefix: string };

/** How soon a change goes out: with the next tick (`bulk`), or at the end of the turn that made it (`risk`). */
export type LiveLane = 'bulk' | 'risk';

/** What a slow or absent subscriber gets: the latest value of each series, or every update in order. */
export type LiveDelivery = 'conflate' | 'lossless';

/** Which series a subscription wants, and how often. All given conditions must hold. */
export interface SubscriptionFilter {
  /** Metric names or globs (`*` any run of characters, `?` one character); a series matches when one of them does. */
  readonly names: readonly string[];
  /** Looked up in the attributes of the series, then in those of its resource. Types must be equal: 1 is not "1". */
  readonly attributes?: Readonly<Record<string, AttributeFilter>>;
  /** Only these fields; all when absent. */
  readonly fields?: readonly SeriesField[];
  /** Least milliseconds between two updates, 0 to 3,600,000 (default 0: each tick). The last value always arrives. */
  readonly minIntervalMs?: number;
  /** Default `bulk`. */
  readonly lane?: LiveLane;
  /** Default `conflate`. */
  readonly delivery?: LiveDelivery;
}

/** Where a lossless subscription was when its connection ended. */
export interface ResumePoint {
  readonly epoch: number;
  /** Number of the last frame received. */
  readonly sequence: number;
  /** Unix milliseconds of the last row received: from where the history is asked when the frames are gone. */
  readonly timeMs?: number;
}

/** What a subscriber says about one subscription besides its filter. */
export interface SubscribeOptions {
  /** Lets the server compress the snapshot (default false). */
  readonly compressSnapshot?: boolean;
  readonly resume?: ResumePoint;
}

/**
 * How a subscription begins: with a snapshot; for one that resumes, with the frames it missed (`replay`), with rows of
 * the history and a snapshot (`backfill`), or with a snapshot only (`reset`: what lies between is lost one by one, and
 * is in the sums).
 */
export type Recovery = 'snapshot' | 'replay' | 'backfill' | 'reset';

/** Limits that the server states in `hello`. */
export interface AnnouncedLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly subscriptionsPerConnection: number;
  readonly patternsPerSubscription: number;
  readonly seriesPerSubscription: number;
  readonly messageBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly subscribeWithinMs: number;
  readonly bufferedBytes: number;
  readonly unackedBytes: number;
  readonly resumeBytes: number;
  readonly resumeWithinMs: number;
  readonly idleMs: number;
  readonly topicsPerConnection: number;
  readonly eventBytes: number;
}

/** First message on a connection. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
  readonly server: string;
  readonly epoch: number;
  /** The server's clock, Unix milliseconds. */
  readonly timeMs: number;
  readonly tickMillis: number;
  readonly heartbeatMillis: number;
  readonly limits: AnnouncedLimits;
}

/** Everything a server says in text. */
export type ServerMessage =
  | HelloMessage
  | {
      readonly type: 'subscribed';
      readonly id: number;
      readonly stream: number;
      readonly matched: number;
      readonly recovery: Recovery;
    }
  | { readonly type: 'unsubscribed'; readonly id: number }
  | { readonly type: 'dictionary'; readonly epoch: number; readonly entries: readonly LiveSeries[] }
  | { readonly type: 'heartbeat'; readonly counter: number; readonly timeMs: number }
  | { readonly type: 'listening'; readonly topics: readonly string[] }
  | ({ readonly type: 'event' } & LiveEvent)
  | {
      readonly type: 'error';
      readonly code: LiveErrorCode;
      readonly message: string;
      readonly id?: number;
      readonly limit?: number;
    }
  | { readonly type: 'goaway'; readonly reason: string; readonly retryAfterMs: number };

/** Everything a client says. */
export type ClientMessage =
  | ({ readonly type: 'subscribe'; readonly id: number } & SubscriptionFilter & SubscribeOptions)
  | { readonly type: 'unsubscribe'; readonly id: number }
  | { readonly type: 'listen' | 'unlisten'; readonly topics: readonly string[] }
  | {
      readonly type: 'ack';
      /** Payload bytes of all frames received on this connection. */
      readonly bytes: number;
      /** Number of the last frame by stream. */
      readonly streams: readonly (readonly [stream: number, sequence: number])[];
    };

/** WebSocket subprotocol of this version; offering none means it too. */
export const SUBPROTOCOL = 'nanometer.v1';
/** The same subscriptions with rows as JSON text, for tools. */
export const SUBPROTOCOL_JSON = 'nanometer.json.v1';
/** A ticket travels as one more subprotocol that is offered, the only header a browser lets a page set. */
export const TICKET_PROTOCOL_PREFIX = 'nanometer.ticket.';
