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
}

/** A connection that closed. */
export interface DisconnectEvent {
  readonly exchange: string;
  /** Low-cardinality cause of a loss, as `timeout`; absent when the service itself closed the connection. */
  readonly reason?: string | undefined;
}

/** A message that has been decoded and handled. */
export interface HandledEvent {
  readonly exchange: string;
  readonly channel: string;
  /** Seconds, finite and ≥ 0. */
  readonly durationSeconds: number;
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
