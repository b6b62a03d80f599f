/** What can be wrong when a bridge is made; closed, so that a caller can switch over it. */
export type BridgeErrorCode =
  | 'INVALID_OPTION'
  | 'PORT_IN_USE'
  | 'PATH_IN_USE'
  | 'LISTEN_FAILED'
  | 'STATE_IN_USE'
  | 'STATE_UNUSABLE'
  | 'RULES_INVALID';

/** A configuration or start error; the message says what, where, why and what would be right. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;
  /** The option to change, where one would help. */
  readonly option: string | undefined;

  constructor(code: BridgeErrorCode, message: string, option?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.option = option;
  }
}
