/** Why replay data cannot be used. */
export type ReplayErrorCode =
  'not_found' | 'unreadable' | 'empty' | 'no_market_data' | 'unknown_layout' | 'malformed_row' | 'corrupt_archive';

/** Replay data that cannot be used; the message says which file and line, what was expected and what was found. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why the exchange or the desk cannot run. */
export type DemoErrorCode = 'port_in_use' | 'invalid_option' | 'exchange_unreachable' | 'exchange_lost' | 'protocol';

/** A condition that keeps the exchange or the desk from running; the message names the option that changes it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
