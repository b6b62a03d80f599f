import type { SeriesAttributes } from '../protocol/series.ts';

/** WebSocket subprotocol of producers; offering none means it too. */
export const PUSH_SUBPROTOCOL = 'nanometer.push.v1';

/** What a pushed series is. Its identity is all of it but `description`: that of OTLP, and the start of its total. */
export interface PushSeries {
  readonly name: string;
  /** A total that never decreases, one that may, or a level. */
  readonly kind: 'counter' | 'updowncounter' | 'gauge';
  /** UCUM unit, as the instrument declares it; `''` when it declares none. */
  readonly unit: string;
  readonly description?: string;
  readonly attributes: SeriesAttributes;
  readonly resource: SeriesAttributes;
  /** The instrumentation scope. */
  readonly scope: { readonly name: string; readonly version: string };
  /** When the total began, Unix nanoseconds in decimal: beyond what a JSON number holds exactly. */
  readonly startTimeUnixNano: string;
}

/** A series with the number that stands for it in frames of one connection. */
export interface PushEntry extends PushSeries {
  readonly id: number;
}

/** Limits that the server states in its hello. */
export interface PushLimits {
  /** Producers at a time. */
  readonly connections: number;
  /** Ids run from 0 to one less. */
  readonly seriesPerConnection: number;
  /** Largest message, text or frame. */
  readonly messageBytes: number;
  /** Bytes of frames that wait to be applied, per connection; beyond it frames are dropped, which the ack says. */
  readonly waitingBytes: number;
  /** A producer that gives no sign of life for so long is cut off. */
  readonly idleMs: number;
}

/** What became of all rows of a connection so far. */
export interface PushCounts {
  /** Rows in the store. */
  readonly applied: number;
  /** Rows that the store had already, or had later ones of. */
  readonly duplicate: number;
  /** Rows that are not in the store: of an unknown id, refused, or not kept because the disk or the server is full. */
  readonly dropped: number;
}

/** First message on a connection. */
export interface PushHello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly server: string;
  /** The life of the server, which frames must carry. */
  readonly epoch: number;
  readonly timeMs: number;
  readonly heartbeatMillis: number;
  readonly limits: PushLimits;
}

/** Everything a server says to a producer. */
export type PushServerMessage =
  | PushHello
  | ({
      readonly type: 'ack';
      /** Number of the last frame whose fate is known. */
      readonly sequence: number;
    } & PushCounts)
  | { readonly type: 'heartbeat'; readonly counter: number; readonly timeMs: number }
  | { readonly type: 'error'; readonly code: PushErrorCode; readonly message: string; readonly limit?: number }
  | { readonly type: 'goaway'; readonly reason: string; readonly retryAfterMs: number };

/** Why a server says no; all but `event_refused` end the connection. */
export type PushErrorCode =
  | 'invalid_json'
  | 'unknown_type'
  | 'invalid_dictionary'
  | 'too_many_series'
  | 'invalid_frame'
  | 'invalid_event'
  | 'event_refused'
  | 'too_many_connections';

/** Everything a producer says in text. */
export type PushClientMessage =
  | { readonly type: 'dictionary'; readonly entries: readonly PushEntry[] }
  | { readonly type: 'event'; readonly topic: string; readonly body: unknown; readonly retain: boolean };
