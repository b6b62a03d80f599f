const REPLAY_CODES = [
  'not_found',
  'unreadable',
  'empty',
  'no_market_data',
  'unknown_layout',
  'malformed_row',
  'corrupt_archive',
] as const;

const DEMO_CODES = [
  'port_in_use',
  'invalid_option',
  'exchange_unreachable',
  'exchange_lost',
  'protocol',
  'state_damaged',
] as const;

/** Why replay data cannot be used. */
export type ReplayErrorCode = (typeof REPLAY_CODES)[number];

/** Why the exchange or the desk cannot run. */
export type DemoErrorCode = (typeof DEMO_CODES)[number];

/** Replay data that cannot be used; the message says which file and line, what was expected and what was found. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A condition that keeps the exchange or the desk from running; the message names the option that changes it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of an error of this package, `internal` for any other. */
export function codeOf(error: unknown): ReplayErrorCode | DemoErrorCode | 'internal' {
  return error instanceof ReplayError || error instanceof DemoError ? error.code : 'internal';
}

/** Makes an error again from its code and message, as they came from another process. */
export function errorFrom(code: string, message: string): Error {
  const replayCode = REPLAY_CODES.find((known) => known === code);
  if (replayCode) return new ReplayError(replayCode, message);
  const demoCode = DEMO_CODES.find((known) => known === code);
  return demoCode ? new DemoError(demoCode, message) : new Error(message);
}
