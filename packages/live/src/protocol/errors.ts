/** Codes of every error this package raises or sends; PROTOCOL.md lists those that travel. */
export const LIVE_ERROR_CODES = [
  // Sent to a client as `{"type":"error"}`, and counted by the server.
  'invalid_json',
  'unknown_type',
  'unexpected_binary',
  'invalid_subscription',
  'duplicate_subscription',
  'unknown_subscription',
  'invalid_ack',
  'too_many_subscriptions',
  'too_many_patterns',
  'invalid_topics',
  'too_many_topics',
  'too_many_series',
  'too_many_connections',
  'rate_limited',
  'subscribe_timeout',
  'slow_consumer',
  'unauthorized',
  'topic_refused',
  // Counted by the server; the client sees an HTTP status or a close code.
  'origin_refused',
  'host_refused',
  'message_too_large',
  'malformed_websocket',
  'idle_timeout',
  'too_many_tickets',
  'series_capacity',
  // Thrown by the server.
  'invalid_option',
  'invalid_descriptor',
  'address_in_use',
  'listen_failed',
  // Reported by the client.
  'protocol_violation',
  'connection_failed',
  'heartbeat_lost',
  'client_closed',
] as const;

/** One of {@link LIVE_ERROR_CODES}. */
export type LiveErrorCode = (typeof LIVE_ERROR_CODES)[number];

/** An error of this package: `code` is for programs, `message` says what, where, why and what would be right. */
export class LiveError extends Error {
  readonly code: LiveErrorCode;
  /** The limit that was hit, when a limit was hit. */
  readonly limit: number | undefined;

  constructor(code: LiveErrorCode, message: string, limit?: number) {
    super(message);
    this.name = 'LiveError';
    this.code = code;
    this.limit = limit;
  }
}

/** Why bytes are not a frame. */
export type FrameErrorCode =
  | 'truncated'
  | 'bad_magic'
  | 'unsupported_version'
  | 'unknown_type'
  | 'unknown_flags'
  | 'too_many_rows'
  | 'length_mismatch'
  | 'compressed'
  | 'bad_deflate'
  | 'bad_sequence'
  | 'bad_time';

/** Thrown by the decoder, and only this: no input makes it throw anything else. */
export class FrameError extends Error {
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode, message: string) {
    super(message);
    this.name = 'FrameError';
    this.code = code;
  }
}
