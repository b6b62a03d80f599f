import type { ChecksumKind, TextLevel } from './checksum.ts';
import type { HeaderSource } from './rate-limit-headers.ts';

/** A message of a feed, as it came off the connection. Times are Unix milliseconds. */
export interface MessageEvent {
  readonly exchange: string;
  readonly channel: string;
  /** Keeps one sequence per symbol where the exchange counts per symbol; never becomes an attribute. */
  readonly symbol?: string | undefined;
  /** Payload size before decompression, a whole number ≥ 0. */
  readonly bytes: number;
  /** The exchange's own stamp. Without it there is no delay to measure. */
  readonly eventTimeMs?: number | undefined;
  readonly receiveTimeMs: number;
  /** Number of the message in a sequence that grows by one. */
  readonly sequence?: number | undefined;
  /** First and last update id of a message that carries a range (Binance `U` and `u`). */
  readonly firstId?: number | undefined;
  readonly lastId?: number | undefined;
  /** Last id of the message before this one, where the exchange names it (Binance futures `pu`); negative starts a new sequence. */
  readonly previousLastId?: number | undefined;
}

/** A connection that opened. */
export interface ConnectEvent {
  readonly exchange: string;
  /** Unix milliseconds; with it and that of the loss, the time between is counted as down. */
  readonly timeMs?: number | undefined;
  /** Seconds from the attempt to the open, finite and ≥ 0. */
  readonly handshakeSeconds?: number | undefined;
}

/** A connection that closed. */
export interface DisconnectEvent {
  readonly exchange: string;
  /** Low-cardinality cause of a loss, as `timeout`; absent when the service itself closed the connection. */
  readonly reason?: string | undefined;
  /** Unix milliseconds. */
  readonly timeMs?: number | undefined;
}

/** A message that has been decoded and handled. */
export interface HandledEvent {
  readonly exchange: string;
  readonly channel: string;
  /** Seconds, finite and ≥ 0. */
  readonly durationSeconds: number;
  /** Seconds of it that decoding took, where that is told apart. */
  readonly decodeSeconds?: number | undefined;
}

/** A gap that the service found by its own means, as a checksum or a vendor's notice. */
export interface GapEvent {
  readonly exchange: string;
  readonly channel: string;
  /** Messages missed, a whole number ≥ 0. */
  readonly missed: number;
}

/** The sequence of a channel starts anew: a snapshot was taken or the exchange restarted its count. */
export interface ResyncEvent {
  readonly exchange: string;
  readonly channel: string;
  /** The symbol whose sequence starts anew; absent: those of all symbols of the channel. */
  readonly symbol?: string | undefined;
}

/** A request that was answered, or failed. */
export interface RequestEvent {
  readonly exchange: string;
  /** Class of the request, as `order.new`; never a URL. */
  readonly operation: string;
  /** Seconds from sending to the answer or the failure, finite and ≥ 0. */
  readonly durationSeconds: number;
  /** Low-cardinality class of the failure, as `RateLimitExceeded`; absent on success. Never the message text. */
  readonly errorType?: string | undefined;
}

/** A request that waited in the client's own rate limiter and has now been let through. */
export interface QueuedEvent {
  readonly exchange: string;
  /** Requests that waited when it entered, itself included; a whole number ≥ 0. */
  readonly depth: number;
  /** Seconds it waited, finite and ≥ 0. */
  readonly durationSeconds: number;
}

/** The state of one rate limiter. */
export interface RateLimitEvent {
  readonly exchange: string;
  readonly limiter: string;
  /** Finite and ≥ 0; may exceed `limit`. */
  readonly used: number;
  /** Finite and > 0. */
  readonly limit: number;
}

/** A subscription that was confirmed. */
export interface SubscribedEvent {
  readonly exchange: string;
  readonly channel: string;
  /** Seconds from the request to the confirmation, finite and ≥ 0. */
  readonly durationSeconds: number;
}

/** A pong that came back. */
export interface PingEvent {
  readonly exchange: string;
  /** Seconds, finite and ≥ 0. */
  readonly roundTripSeconds: number;
}

/** An answer to a request for the exchange's time. All Unix milliseconds. */
export interface TimeSyncEvent {
  readonly exchange: string;
  readonly sendTimeMs: number;
  /** When the exchange received the request; absent: `serverSendTimeMs`. */
  readonly serverReceiveTimeMs?: number | undefined;
  readonly serverSendTimeMs: number;
  readonly receiveTimeMs: number;
}

/** Messages that wait to be handled. */
export interface QueueDepthEvent {
  readonly exchange: string;
  readonly channel: string;
  /** A whole number ≥ 0. */
  readonly depth: number;
}

/** A checksum that came with a book, and the book as the service has it; each side best level first, as texts. */
export interface ChecksumEvent {
  readonly exchange: string;
  readonly channel: string;
  readonly kind: ChecksumKind;
  /** As the exchange sent it. */
  readonly expected: number | string;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

/** An HTTP answer. */
export interface ResponseEvent {
  readonly exchange: string;
  readonly status: number;
  readonly headers: HeaderSource;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** An error that is not that of a request, as of a connection. */
export interface ErrorEvent {
  readonly exchange: string;
  /** Class of what was done, as `watch.trades`. */
  readonly operation: string;
  /** What was thrown; its class is taken, its message is not read. */
  readonly error: unknown;
}

interface OrderStep {
  readonly exchange: string;
  /** The service's own id. Kept while the order lives, never an attribute. */
  readonly orderId: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** A step on the way of an order. */
export type OrderEvent = OrderStep &
  (
    | {
        readonly kind: 'sent';
        /** When the strategy decided, Unix milliseconds. */
        readonly decisionTimeMs?: number | undefined;
        /** Finite and ≥ 0. */
        readonly quantity?: number | undefined;
        /** In the reporting currency, finite and ≥ 0. */
        readonly notional?: number | undefined;
      }
    | { readonly kind: 'acknowledged' | 'cancel_sent' | 'canceled' }
    | {
        readonly kind: 'rejected';
        /** Low-cardinality class, see `errorClassOf`. */
        readonly errorType?: string | undefined;
      }
    | {
        readonly kind: 'filled';
        readonly side: 'buy' | 'sell';
        readonly price: number;
        readonly quantity: number;
        /** In the reporting currency, the weight of the spread paid; absent: price × quantity. */
        readonly notional?: number | undefined;
        /** Mid before the fill; absent: the spread paid is not known. */
        readonly mid?: number | undefined;
        /** True when nothing of the order is left. */
        readonly isDone?: boolean | undefined;
      }
  );
